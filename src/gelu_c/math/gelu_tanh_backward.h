/* gelu_tanh_backward(dy, x) = dy * gelu_tanh_grad(x).
 *
 * As gelu_tanh_grad.h; the left tail: parts/backward.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at -0x1.ffcp+15, 0x1.41p-10:
 *       got -0x1.008p+15, want -0x1.005fff74f1edep+15
 *   f32 2.5142 ULP at -0x1.d40c84p+5, -0x1.865f18p-1:
 *       got 0x1.fe317ap-3, want 0x1.fe317f0740c1dp-3
 *   f64 3.6694 ULP at 0x1.e51c0ae5395aap+2, 0x1.40ffffc8f62fbp-10:
 *       got 0x1.e60eb6386be34p+1, want 0x1.e60eb6386be38p+1
 */
#include "gelu_tanh_grad.h"
#include "parts/backward.h"

static inline vd gelu_tanh_backward_f64(vd dy, vd x) {
  return vd_backward(dy, x, gelu_tanh_grad_left_f64(x));
}

static inline vf gelu_tanh_backward_tail_f32(vf dy, vf x) {
  return vf_backward(dy, x, gelu_tanh_grad_left_f32(x));
}

static inline vf gelu_tanh_backward_f32(vf dy, vf x) { return vf_mul(dy, gelu_tanh_grad_f32(x)); }

static inline mf gelu_tanh_backward_in_tail_f32(vf dy, vf x) {
  (void)dy;
  return gelu_tanh_grad_in_tail_f32(x);
}
