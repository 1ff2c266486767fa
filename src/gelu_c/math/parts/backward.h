/* dy times a gradient that is 1 - left on the right, and left on the left, where it may be too small for
 * the type: dy is multiplied in before the product is rounded into the subnormal range, as a large dy
 * lifts it back into the normal one. At -inf the gradient is -0.0. */
#ifndef GF_BACKWARD_H
#define GF_BACKWARD_H

#include "ranges.h"
#include "showing.h"
#include "tail.h"

static inline v v_backward(v dy, v x, v_scaled left) {
  left.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_set((real)-0.0), left.m);
  const v right = v_mul(dy, v_sub(v_set(1), v_beside_one(left.m, left.n)));
  return v_select(v_lt(v_set(0), x), right, v_times_scaled(dy, left));
}

#endif
