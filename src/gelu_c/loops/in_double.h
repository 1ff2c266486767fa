/* A function of a 16-bit type in double, rounded once: for the results that are in doubt in float32
 * (doubt.h). The code is the same for both types but for the loads and stores, so it is compiled
 * once. */
#ifndef GF_IN_DOUBLE_H
#define GF_IN_DOUBLE_H

#include "loops/evaluate.h"

static void load_half(v *x, const uint16_t *p, int is_f16) {
  if (is_f16)
    *x = v_load_F16(p);
  else
    *x = v_load_BF16(p);
}

static void store_half(uint16_t *p, const v *y, int is_f16) {
  if (is_f16)
    v_store_F16(p, *y);
  else
    v_store_BF16(p, *y);
}

static GF_ALWAYS_INLINE void evaluate_in_double(const function f, const char *const *in, char *out,
                                                size_t n, int is_f16) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[INPUTS_MAX], y, other;
    for (int k = 0; k < f.nin; k++)
      load_half(&x[k], (const uint16_t *)in[k] + i, is_f16);
    f.evaluate(x, &y);
    if (f.in_tail && v_any(f.in_tail(x))) {
      f.tail(x, &other);
      y = v_select(f.in_tail(x), other, y);
    }
    store_half((uint16_t *)out + i, &y, is_f16);
  }
}

#define IN_DOUBLE(symbol, name, inputs, tail, in_tail)                                             \
  static const function name##_function = {inputs, 1,   name##_evaluate, tail, in_tail, 0,         \
                                           NULL,   NULL};                                          \
  decide symbol;                                                                                   \
  FLATTEN_TAIL void symbol(const char *const *in, char *out, size_t n, int is_f16) {               \
    evaluate_in_double(name##_function, in, out, n, is_f16);                                       \
  }

#endif
