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

/* with the step instead of that beyond 3 */
static inline v_sixth v_hardswish_grad_sixth(v x) {
  const v inside = v_clip(x, -3, 3);
  const v_sixth slope = v_sixth_of_3_and(v_add(inside, inside));
  return (v_sixth){v_select(v_lt(v_abs(x), v_set(3)), slope.hi, v_step(x)), slope.rest};
}

static inline v v_hardswish_grad(v x) { return v_collapse_sixth(v_hardswish_grad_sixth(x)); }

#endif
