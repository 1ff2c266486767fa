/* selu_backward(dy, x) = dy * selu_grad(x).
 *
 * As selu_grad.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "selu_grad.h"
#include "parts/backward.h"

static inline v v_selu_backward(v dy, v x) { return v_mul(dy, v_selu_grad(x)); }

static inline v v_selu_backward_tail(v dy, v x) { return v_backward(dy, x, v_selu_grad_left(x)); }

static inline v_mask v_selu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_selu_grad_in_tail(x);
}
