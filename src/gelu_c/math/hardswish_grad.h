/* hardswish_grad(x), the derivative of hardswish: x / 3 + 1/2 for |x| < 3, 0 below, 1 above.
 *
 * Method: a sixth of 2 x + 3 in two words, whose sum is correctly rounded (parts/sixth.h). It is zero at
 * x = -1.5.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_HARDSWISH_GRAD_H
#define GF_MATH_HARDSWISH_GRAD_H

#include "parts/sixth.h"
#include "parts/step.h"

static inline v v_hardswish_grad(v x) {
  const v inside = v_clip(x, -3, 3);
  const v slope = v_rounded_sixth_of_3_and(v_add(inside, inside));
  return v_select(v_lt(v_abs(x), v_set(3)), slope, v_step(x));
}

#endif
