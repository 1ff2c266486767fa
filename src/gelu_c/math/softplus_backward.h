/* softplus_backward(dy, x) = dy * softplus_grad(x).
 *
 * As sigmoid.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#include "parts/backward.h"
#include "sigmoid.h"

static inline v v_softplus_backward(v dy, v x) { return v_mul(dy, v_sigmoid(v_showing(x))); }

static inline v v_softplus_backward_tail(v dy, v x) {
  const v a = v_min(v_set(EXP_GRAD_MAX), v_abs(x));
  const v_exponential e = v_exp_minus(v2_of(a));
  return v_backward(dy, x, v_times_logistic(v2_of(v_set(1)), e, 1));
}

static inline v_mask v_softplus_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_sigmoid_in_tail(x);
}
