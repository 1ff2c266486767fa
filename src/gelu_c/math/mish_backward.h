/* mish_backward(dy, x) = dy * mish_grad(x).
 *
 * As mish_grad.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "mish_grad.h"
#include "parts/backward.h"

static inline v v_mish_backward(v dy, v x) { return v_mul(dy, v_mish_grad(x)); }

static inline v v_mish_backward_tail(v dy, v x) { return v_backward(dy, x, v_mish_grad_left(x)); }

static inline v_mask v_mish_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_mish_grad_in_tail(x);
}
