/* A function of float32 in double, rounded once, for the results that are in doubt with few digits
 * (doubt.h). A result that is in doubt in double too is settled by the list of hard cases. */
#ifndef GF_EXACT_H
#define GF_EXACT_H

#include "loops/evaluate.h"
#include "loops/settle.h"

static GF_NOINLINE void settle(const hard_cases *hard, int is_half_x, const float *x, v *y,
                               unsigned lanes) {
  double results[V_LANES];
  v_store(results, *y);
  for (; lanes != 0; lanes &= lanes - 1) {
    const unsigned k = gf_lowest_bit(lanes);
    results[k] = moved_beyond(results[k], way_of_hard_case(hard, is_half_x, x[k]));
  }
  *y = v_load(results);
}

static GF_ALWAYS_INLINE void evaluate_exactly(const function f, const hard_cases *hard,
                                              int is_half_x, const char *const *in, char *out,
                                              size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    const float *at = (const float *)in[0] + i;
    const v x = v_load_F32(at);
    v y, other;
    f.evaluate(&x, &y);
    if (f.in_tail && v_any(f.in_tail(&x))) {
      f.tail(&x, &other);
      y = v_select(f.in_tail(&x), other, y);
    }
    const v_mask in_doubt = v_near_tie_F32(v_raised(v_abs(y), v_set(0x1p-126)), ULPS_OF_DOUBLE);
    if (v_any(in_doubt))
      settle(hard, is_half_x, at, &y, v_bits(in_doubt));
    v_store_F32((float *)out + i, y);
  }
}

#define EXACT_IN_DOUBLE(symbol, name, is_half_x, tail, in_tail)                                    \
  extern const hard_cases gf_##name##_hard;                                                        \
  static const function name##_function = {1, 1, name##_evaluate, tail, in_tail, 0, NULL, NULL};   \
  decide symbol;                                                                                   \
  FLATTEN_TAIL void symbol(const char *const *in, char *out, size_t n, int is_f16) {               \
    (void)is_f16;                                                                                  \
    evaluate_exactly(name##_function, &gf_##name##_hard, is_half_x, in, out, n);                   \
  }

#endif
