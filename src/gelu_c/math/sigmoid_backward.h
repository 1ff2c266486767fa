/* sigmoid_backward(dy, x) = dy * sigmoid_grad(x).
 *
 * As sigmoid_grad.h; the tails: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "sigmoid_grad.h"
#include "parts/backward.h"

static inline v v_sigmoid_backward(v dy, v x) { return v_mul(dy, v_sigmoid_grad(v_showing_squared(x))); }

static inline v v_sigmoid_backward_tail(v dy, v x) {
  return v_backward_even(dy, x, v_sigmoid_grad_far(x));
}

static inline v_mask v_sigmoid_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_sigmoid_grad_in_tail(x);
}
