/* v(a) = 2 sqrt(2/pi) (a + 0.044715 a^3) = a * (c1 + c3 * a^2), as two words: its exponential
 * amplifies an error of v by v. gelu_tanh(x) = x * sigmoid(v(x)). */
#ifndef GF_TANH_ARGUMENT_H
#define GF_TANH_ARGUMENT_H

#include "math/parts/tail.h"

/* c3 * a^2 is the larger term beyond the pieces: a > 4.8 */
static inline v2 v2_tanh_argument(v a) {
  const v2 cubic = v2_mul(v2_square(a), v2_constant(tanh_c3));
  return v2_mul(v2_add(cubic, v2_constant(tanh_c1)), v2_of(a));
}

#endif
