/* log_ndtr_backward(dy, x) = dy * log_ndtr_grad(x).
 *
 * As log_ndtr_grad.h; on the right dy is multiplied in before the product is rounded into the
 * subnormal range. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_LOG_NDTR_BACKWARD_H
#define GF_MATH_LOG_NDTR_BACKWARD_H

#include "log_ndtr_grad.h"

static inline v v_log_ndtr_backward(v dy, v x) { return v_mul(dy, v_log_ndtr_grad(x)); }

static inline v v_log_ndtr_backward_tail(v dy, v x) {
  const v a = v_abs(x), h = v_log_ndtr_grad_left(a), left = v_mul(dy, h);
  const v_mask right = v_lt(v_set(0), x);
  if (!v_any(right))
    return left;
  v_scaled grad = v_log_ndtr_grad_right(a, h);
  grad.m = v_select(v_lt(v_set(REAL_MAX), x), v_set(0), grad.m);
  return v_select(right, v_times_scaled(dy, grad), left);
}

#define log_ndtr_backward_HAS_TAIL 1
static inline v_mask v_log_ndtr_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_log_ndtr_grad_in_tail(x);
}

#endif
