/* A function of a 16-bit type in double, rounded once: for the results that are in doubt in float32
 * (doubt.h). */
#ifndef GF_IN_DOUBLE_H
#define GF_IN_DOUBLE_H

#include "loops/evaluate.h"

static GF_ALWAYS_INLINE void evaluate_in_double(const function f, const char *const *in, char *out,
                                                size_t n) {
  for (size_t i = 0; i < n; i += V_LANES) {
    v x[INPUTS_MAX], y, other;
    load_inputs(f, x, in, i);
    f.evaluate(x, &y);
    if (f.in_tail && v_any(f.in_tail(x))) {
      f.tail(x, &other);
      y = v_select(f.in_tail(x), other, y);
    }
    STORE((ELEMENT *)out + i, y);
  }
}

#define IN_DOUBLE(symbol, name, inputs, tail, in_tail)                                             \
  static const function name##_function = {inputs, 1, name##_evaluate, tail, in_tail, 0, NULL};    \
  decide symbol;                                                                                   \
  GF_FLATTEN void symbol(const char *const *in, char *out, size_t n) {                             \
    evaluate_in_double(name##_function, in, out, n);                                               \
  }

#endif
