/* hardsigmoid_grad(x), the derivative of hardsigmoid: 1/6 for |x| < 3, 0 elsewhere.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_HARDSIGMOID_GRAD_H
#define GF_MATH_HARDSIGMOID_GRAD_H

#include "parts/step.h"

static inline v v_hardsigmoid_grad(v x) {
  return v_select(v_lt(v_abs(x), v_set(3)), v_set((real)1 / 6), v_zero_like(x));
}

#endif
