/* dy times a gradient that may be too small for the type on the left, or on both sides: dy is multiplied
 * in before the product is rounded into the subnormal range, as a large dy lifts it back into the normal
 * one. */
#ifndef GF_BACKWARD_H
#define GF_BACKWARD_H

#include "ranges.h"
#include "tail.h"

/* x, or the number with its sign and the size `least` where x is smaller and not 0 */
static inline v v_no_smaller(v x, real least) {
#ifdef ELEMENT_IS_HALF
  const v size = v_abs(x), larger = v_max(v_set(least), size);
  return v_copysign(v_min(v_mul(size, v_set(0x1p110)), larger), x); /* 0 stays 0, NaN stays NaN */
#else
  (void)least;
  return x;
#endif
}

/* x, or the smallest number with its sign that still shows in a gradient beside 0.5. Beside the
 * rounding of that it is nothing, but where dy / 2 lies halfway between two bfloat16 numbers, it says
 * which of them is nearer. */
static inline v v_showing(v x) { return v_no_smaller(x, 0x1p-50); }

/* The same where the gradient is 0.25 less a share of x^2 */
static inline v v_showing_squared(v x) { return v_no_smaller(x, 0x1p-25); }

/* The gradient is 1 - left on the right, and left on the left; -0.0 at -inf. */
static inline v v_backward(v dy, v x, v_scaled left) {
  left.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_set((real)-0.0), left.m);
  const v right = v_mul(dy, v_sub(v_set(1), v_beside_one(left.m, left.n)));
  return v_select(v_lt(v_set(0), x), right, v_times_scaled(dy, left));
}

/* The gradient is `side` on both sides, 0 at -inf and inf. */
static inline v v_backward_even(v dy, v x, v_scaled side) {
  side.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_set(0), side.m);
  return v_times_scaled(dy, side);
}

#endif
