/* hardsigmoid_backward(dy, x) = dy * hardsigmoid_grad(x). A division, as a product with 1/6 would round
 * twice.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_HARDSIGMOID_BACKWARD_H
#define GF_MATH_HARDSIGMOID_BACKWARD_H

#include "parts/step.h"

static inline v v_hardsigmoid_backward(v dy, v x) {
  return v_select(v_lt(v_abs(x), v_set(3)), v_div(dy, v_set(6)), v_mul(dy, v_zero_like(x)));
}

#endif
