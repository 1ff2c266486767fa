/* elu_backward(dy, x) = dy * elu_grad(x).
 *
 * As elu_grad.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "elu_grad.h"
#include "parts/backward.h"

static inline v v_elu_backward(v dy, v x) { return v_mul(dy, v_elu_grad(x)); }

static inline v v_elu_backward_tail(v dy, v x) { return v_backward(dy, x, v_elu_grad_left(x)); }

static inline v_mask v_elu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_elu_grad_in_tail(x);
}
