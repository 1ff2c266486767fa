/* dy times a gradient that may be subnormal or too small for the type. The gradient is not rounded
 * before it is multiplied by dy, because a large dy may lift the product back into the normal
 * range. */
#ifndef GF_SCALED_GRADIENT_H
#define GF_SCALED_GRADIENT_H

#include "math/parts/ranges.h"
#include "math/parts/showing.h"
#include "math/parts/tail.h"

/* For a gradient that is `left` for x <= 0 and 1 - left for x > 0. At -inf it is 0 with the sign of
 * left. */
static inline v v_backward(v dy, v x, v_scaled left) {
  left.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_copysign(v_set(0), left.m), left.m);
  const v right = v_mul_in_order(dy, v_sub(v_set(1), v_beside_one(left.m, left.n)));
  return v_select(v_lt(v_set(0), x), right, v_times_scaled(dy, left));
}

/* For an even gradient, `side`. At -inf and inf it is 0. */
static inline v v_backward_even(v dy, v x, v_scaled side) {
  side.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_set(0), side.m);
  return v_times_scaled(dy, side);
}

#endif
