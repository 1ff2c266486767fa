/* gelu_backward(dy, x) = dy * gelu_grad(x).
 *
 * As gelu_grad.h, with dy multiplied into the left tail before the product is rounded into the
 * subnormal range: a large dy lifts a gradient that is too small for the type back into it. At -inf the
 * gradient is -0.0.
 *   f16 0.5001 ULP at -0x1.7dp+6, 0x1.bc8p-1:
 *       got -0x1.8ep+6, want -0x1.8e2000d620b9dp+6
 *   f32 2.4402 ULP at -0x1.efa132p+0, -0x1.a9bde4p-1:
 *       got 0x1.fa726ap-5, want 0x1.fa726ee15de1dp-5
 *   f64 2.8202 ULP at -0x1.ff919d951fb55p+774, 0x1.7e78610276158p-45:
 *       got -0x1.ff919d951fdb4p+773, want -0x1.ff919d951fdb7p+773
 */
#include <float.h>

#include "gelu_grad.h"

static inline vd gelu_backward_f64(vd dy, vd x) {
  vd_scaled left = gelu_grad_left_f64(x);
  left.m = vd_select(vd_lt(vd_set(DBL_MAX), vd_abs(x)), vd_set(-0.0), left.m);
  const vd right = vd_mul(dy, vd_sub(vd_set(1), vd_value(left)));
  return vd_select(vd_lt(vd_set(0), x), right, vd_times_scaled(dy, left));
}

static inline vf gelu_backward_tail_f32(vf dy, vf x) {
  vf_scaled left = gelu_grad_left_f32(x);
  left.m = vf_select(vf_lt(vf_set(FLT_MAX), vf_abs(x)), vf_set(-0.0f), left.m);
  const vf right = vf_mul(dy, vf_sub(vf_set(1), vf_value(left)));
  return vf_select(vf_lt(vf_set(0), x), right, vf_times_scaled(dy, left));
}

static inline vf gelu_backward_f32(vf dy, vf x) { return vf_mul(dy, gelu_grad_f32(x)); }

static inline mf gelu_backward_in_tail_f32(vf dy, vf x) {
  (void)dy;
  return gelu_grad_in_tail_f32(x);
}
