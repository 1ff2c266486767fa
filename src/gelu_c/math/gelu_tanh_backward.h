/* gelu_tanh_backward(dy, x) = dy * gelu_tanh_grad(x).
 *
 * As gelu_tanh_grad.h, with dy multiplied into the left tail before the product is rounded into the
 * subnormal range: a large dy lifts a gradient that is too small for the type back into it. At -inf the
 * gradient is -0.0.
 *   f16 0.5000 ULP at -0x1.ffcp+15, 0x1.41p-10:
 *       got -0x1.008p+15, want -0x1.005fff74f1edep+15
 *   f32 2.4514 ULP at -0x1.a03468p+3, -0x1.f346ccp-1:
 *       got 0x1.feea9p-1, want 0x1.feea94e71f4dfp-1
 *   f64 3.6694 ULP at 0x1.e51c0ae5395aap+2, 0x1.40ffffc8f62fbp-10:
 *       got 0x1.e60eb6386be34p+1, want 0x1.e60eb6386be38p+1
 */
#include <float.h>

#include "gelu_tanh_grad.h"

static inline vd gelu_tanh_backward_f64(vd dy, vd x) {
  vd_scaled left = gelu_tanh_grad_left_f64(x);
  left.m = vd_select(vd_lt(vd_set(DBL_MAX), vd_abs(x)), vd_set(-0.0), left.m);
  const vd right = vd_mul(dy, vd_sub(vd_set(1), vd_value(left)));
  return vd_select(vd_lt(vd_set(0), x), right, vd_times_scaled(dy, left));
}

static inline vf gelu_tanh_backward_tail_f32(vf dy, vf x) {
  vf_scaled left = gelu_tanh_grad_left_f32(x);
  left.m = vf_select(vf_lt(vf_set(FLT_MAX), vf_abs(x)), vf_set(-0.0f), left.m);
  const vf right = vf_mul(dy, vf_sub(vf_set(1), vf_value(left)));
  return vf_select(vf_lt(vf_set(0), x), right, vf_times_scaled(dy, left));
}

static inline vf gelu_tanh_backward_f32(vf dy, vf x) { return vf_mul(dy, gelu_tanh_grad_f32(x)); }

static inline mf gelu_tanh_backward_in_tail_f32(vf dy, vf x) {
  (void)dy;
  return gelu_tanh_grad_in_tail_f32(x);
}
