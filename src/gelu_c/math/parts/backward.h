/* dy times a gradient that is 1 - left on the right, and left on the left, where it may be too small for
 * the type: dy is multiplied in before the product is rounded into the subnormal range, as a large dy
 * lifts it back into the normal one. At -inf the gradient is -0.0. */
#ifndef GF_BACKWARD_H
#define GF_BACKWARD_H

#include <float.h>

#include "exp.h"
#include "tail.h"

static inline vd vd_backward(vd dy, vd x, vd_scaled left) {
  left.m = vd_select(vd_lt(vd_set(DBL_MAX), vd_abs(x)), vd_set(-0.0), left.m);
  const vd right = vd_mul(dy, vd_sub(vd_set(1), vd_value(left)));
  return vd_select(vd_lt(vd_set(0), x), right, vd_times_scaled(dy, left));
}

static inline vf vf_backward(vf dy, vf x, vf_scaled left) {
  left.m = vf_select(vf_lt(vf_set(FLT_MAX), vf_abs(x)), vf_set(-0.0f), left.m);
  const vf shown = vf_mul(left.m, vf_exp2i(vf_max(left.n, vf_set(-100)))); /* if any, beside 1 */
  const vf right = vf_mul(dy, vf_sub(vf_set(1), shown));
  return vf_select(vf_lt(vf_set(0), x), right, vf_times_scaled(dy, left));
}

#endif
