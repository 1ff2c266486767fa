/* log_ndtr_backward(dy, x) = dy * log_ndtr_grad(x).
 *
 * Method: as in log_ndtr_grad.h; on the right, dy is multiplied by the gradient before that is
 * rounded to a subnormal number. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.8p+57, -0x1.12p+35 (avx512):
 *       got -0x1.9cp+92, want -0x1.9bp+92
 *   f16 0.5000 ULP at -0x1.6acp-1, -0x1.298p-1 (avx512):
 *       got -0x1.b3cp-1, want -0x1.b3a00023c4354p-1
 *   f32 2.2736 ULP at 0x1.5f768p+2, 0x1.c80708p-4 (avx512):
 *       got 0x1.000002p+2, want 0x1.ffffff73e5709p+1
 *   f64 2.5209 ULP at 0x1.faf69cb560059p+10, 0x1.84fb952f25949p+1 (avx512):
 *       got 0x1.0000000000001p+3, want 0x1.fffffffffffffp+2
 */
#ifndef GF_MATH_LOG_NDTR_BACKWARD_H
#define GF_MATH_LOG_NDTR_BACKWARD_H

#include "math/log_ndtr_grad.h"

static inline v v_log_ndtr_backward(v dy, v x) { return v_mul_in_order(dy, v_log_ndtr_grad(x)); }

static inline v v_log_ndtr_backward_tail(v dy, v x) {
  const v a = v_abs(x), h = v_log_ndtr_grad_left(a), left = v_mul_in_order(dy, h);
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
