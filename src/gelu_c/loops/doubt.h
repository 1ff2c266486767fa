/* The results of a 16-bit type that float32 arithmetic leaves in doubt: those so near to a point
 * halfway between two numbers of the type that the error in float32 may decide the rounding. They
 * are late lanes like those in the tail, and are computed again in double (in_double.h). */
#ifndef GF_DOUBT_H
#define GF_DOUBT_H

#include "loops/evaluate.h"

#if IS_DOUBTED
#define IS_F16_DOUBTED_F16 1
#define IS_F16_DOUBTED_BF16 0
#define IS_F16 GF_CONCAT(IS_F16_, GF_DTYPE)

/* Computes a vector in double. Returns which results are NaN: they are taken from float32, because which
 * of two NaNs a product keeps is up to the compiler. */
static GF_NOINLINE unsigned decide_vector(decide *in_double, int nin, const char *const *in,
                                          char *out, size_t i) {
  const char *from[INPUTS_MAX];
  for (int k = 0; k < nin; k++)
    from[k] = in[k] + i * sizeof(ELEMENT);
  in_double(from, out, V_LANES, IS_F16);
  const v decided = LOAD((const ELEMENT *)out);
  const v_mask is_number = v_or(v_lt(decided, v_set(1)), v_lt(v_set(0), decided));
  return ~BITS(is_number) & 0xffffffffu >> (32 - V_LANES);
}

/* Computes some lanes of a vector in double. The results lie side by side. */
static GF_NOINLINE void decide_lanes(decide *in_double, int nin, const char *const *in, size_t i,
                                     unsigned lanes, ELEMENT *results) {
  ELEMENT packed[INPUTS_MAX][2 * V_LANES] = {{0}}; /* PACK may write beyond the lanes */
  const char *from[INPUTS_MAX];
  for (int k = 0; k < nin; k++) {
    PACK(packed[k], (const ELEMENT *)in[k] + i, lanes);
    from[k] = (const char *)packed[k];
  }
  in_double(from, (char *)results, gf_bit_count(lanes), IS_F16);
}

/* Evaluates the function in every lane, in the tail or not; `out` may be `in`.
 *
 * A vector that is left to double takes its NaNs from float32: it shares the code for these with the
 * others, because the tail is large. */
static GF_ALWAYS_INLINE void evaluate_with_doubt(const function f, const char *const *in,
                                                 char *const *out, size_t n) {
  const unsigned all_lanes = 0xffffffffu >> (32 - V_LANES);
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[INPUTS_MAX], y, tail;
    load_inputs(f, x, in, i); /* before stores, which may overwrite inputs */
    const int is_tiny = is_for_double(f, in, i);
    unsigned nan_lanes = 0;
    if (is_tiny) {
      nan_lanes = decide_vector(f.in_double, f.nin, in, out[0] + i * sizeof(ELEMENT), i);
      if (nan_lanes == 0)
        continue;
    }
    const unsigned tail_lanes = f.in_tail ? v_bits(f.in_tail(x)) : 0;
    if (!f.in_tail || tail_lanes != all_lanes)
      f.evaluate_apart(x, &y);
    if (f.in_tail && tail_lanes != 0) {
      f.tail(x, &tail);
      y = tail_lanes == all_lanes ? tail : v_select(f.in_tail(x), tail, y);
    }
    if (is_tiny) {
      ELEMENT single[V_LANES];
      STORE(single, y);
      for (; nan_lanes != 0; nan_lanes &= nan_lanes - 1) {
        const unsigned lane = gf_lowest_bit(nan_lanes);
        memcpy(out[0] + (i + lane) * sizeof(ELEMENT), single + lane, sizeof(ELEMENT));
      }
      continue;
    }
    const unsigned lanes = BITS(WORD(near_tie)(y, f.ulps));
    ELEMENT decided[2 * V_LANES];
    if (lanes != 0) /* before the store, which may overwrite inputs */
      decide_lanes(f.in_double, f.nin, in, i, lanes, decided);
    STORE((ELEMENT *)out[0] + i, y);
    if (lanes != 0)
      UNPACK((ELEMENT *)out[0] + i, decided, lanes);
  }
}

/* Whether evaluate_with_doubt is faster for these than to evaluate and to correct */
static GF_ALWAYS_INLINE int are_many_in_tail(const function f, const char *const *in, size_t n) {
  size_t found = 0;
  for (size_t i = 0; f.in_tail && i < n; i += V_LANES) {
    v x[INPUTS_MAX];
    load_inputs(f, x, in, i);
    found += gf_bit_count(v_bits(f.in_tail(x)));
  }
  return found > n / 3;
}
#endif

#endif
