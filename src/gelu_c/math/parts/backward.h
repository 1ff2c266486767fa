/* dy times a gradient that is 1 - left on the right, and left on the left, where it may be too small for
 * the type: dy is multiplied in before the product is rounded into the subnormal range, as a large dy
 * lifts it back into the normal one. At -inf the gradient is -0.0. */
#ifndef GF_BACKWARD_H
#define GF_BACKWARD_H

#include "ranges.h"
#include "tail.h"

/* x, or the smallest number with its sign that still shows in a gradient beside 0.5. Beside the
 * rounding of that it is nothing, but where dy / 2 lies halfway between two bfloat16 numbers, it says
 * which of them is nearer. */
static inline v v_showing(v x) {
#if IS_WIDENED
  const v size = v_abs(x), least = v_max(v_set(0x1p-50), size);
  return v_copysign(v_min(v_mul(size, v_set(0x1p90)), least), x); /* 0 stays 0, NaN stays NaN */
#else
  return x;
#endif
}

static inline v v_backward(v dy, v x, v_scaled left) {
  left.m = v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_set((real)-0.0), left.m);
  const v right = v_mul(dy, v_sub(v_set(1), v_beside_one(left.m, left.n)));
  return v_select(v_lt(v_set(0), x), right, v_times_scaled(dy, left));
}

#endif
