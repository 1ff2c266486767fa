/* gelu_tanh_backward(dy, x) = dy * gelu_tanh_grad(x).
 *
 * As gelu_tanh_grad.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
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

static inline v v_gelu_tanh_backward(v dy, v x) {
  return v_mul(dy, v_gelu_tanh_grad(v_showing(x)));
}

static inline v v_gelu_tanh_backward_tail(v dy, v x) {
  return v_backward(dy, x, v_gelu_tanh_grad_left(x));
}

static inline v_mask v_gelu_tanh_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_gelu_tanh_grad_in_tail(x);
}
