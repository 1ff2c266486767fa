/* tanh_backward(dy, x) = dy * tanh_grad(x).
 *
 * As tanh_grad.h; the tails: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "tanh_grad.h"
#include "parts/backward.h"

static inline v v_tanh_backward(v dy, v x) { return v_mul(dy, v_tanh_grad(x)); }

static inline v v_tanh_backward_tail(v dy, v x) {
  return v_backward_even(dy, x, v_tanh_grad_far(x));
}

static inline v_mask v_tanh_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_tanh_grad_in_tail(x);
}
