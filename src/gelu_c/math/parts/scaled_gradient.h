/* dy times a gradient that may be too small for the type on the left, or on both sides: dy is multiplied
 * in before the product is rounded into the subnormal range, as a large dy lifts it back into the normal
 * one. */
#ifndef GF_SCALED_GRADIENT_H
#define GF_SCALED_GRADIENT_H

#include "math/parts/ranges.h"
#include "math/parts/showing.h"
#include "math/parts/tail.h"

/* The gradient is 1 - left on the right, and left on the left; at -inf 0, with the
 * sign of left. */
static inline v v_backward(v dy, v x, v_scaled left) {
  left.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_copysign(v_set(0), left.m), left.m);
  const v right = v_mul(dy, v_sub(v_set(1), v_beside_one(left.m, left.n)));
  return v_select(v_lt(v_set(0), x), right, v_times_scaled(dy, left));
}

/* The gradient is `side` on both sides, 0 at -inf and inf. */
static inline v v_backward_even(v dy, v x, v_scaled side) {
  side.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_set(0), side.m);
  return v_times_scaled(dy, side);
}

#endif
