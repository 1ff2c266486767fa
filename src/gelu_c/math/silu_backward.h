/* silu_backward(dy, x) = dy * silu_grad(x).
 *
 * As silu_grad.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "silu_grad.h"
#include "parts/backward.h"

static inline v v_silu_backward(v dy, v x) { return v_mul(dy, v_silu_grad(v_showing(x))); }

static inline v v_silu_backward_tail(v dy, v x) { return v_backward(dy, x, v_silu_grad_left(x)); }

static inline v_mask v_silu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_silu_grad_in_tail(x);
}
