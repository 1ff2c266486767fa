/* gelu_quick_backward(dy, x) = dy * gelu_quick_grad(x).
 *
 * As gelu_quick_grad.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "gelu_quick_grad.h"
#include "parts/backward.h"

static inline v v_gelu_quick_backward(v dy, v x) { return v_mul(dy, v_gelu_quick_grad(v_showing(x))); }

static inline v v_gelu_quick_backward_tail(v dy, v x) { return v_backward(dy, x, v_gelu_quick_grad_left(x)); }

static inline v_mask v_gelu_quick_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_gelu_quick_grad_in_tail(x);
}
