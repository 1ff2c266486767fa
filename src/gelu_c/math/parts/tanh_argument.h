/* gelu_tanh(x) = x * sigmoid(v(x)) with
 *
 *     v(a) = 2 sqrt(2/pi) (a + 0.044715 a^3) = a * (c1 + c3 * a^2).
 *
 * v(a) is computed as two words, because its exponential multiplies its relative error by v. */
#ifndef GF_TANH_ARGUMENT_H
#define GF_TANH_ARGUMENT_H

#include "math/parts/tail.h"

/* Beyond the pieces, a >= 4.7, the exponent of c3 * a^2 is at least that of c1, as v2_add needs. */
static inline v2 v2_tanh_argument(v a) {
  const v2 cubic = v2_mul(v2_square(a), v2_constant(tanh_c3));
  return v2_mul(v2_add(cubic, v2_constant(tanh_c1)), v2_of(a));
}

#endif
