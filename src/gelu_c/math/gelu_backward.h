/* gelu_backward(dy, x) = dy * gelu_grad(x).
 *
 * As gelu_grad.h; the left tail: parts/backward.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at -0x1.7dp+6, 0x1.bc8p-1:
 *       got -0x1.8ep+6, want -0x1.8e2000d620b9dp+6
 *   f32 2.2384 ULP at 0x1.d79904p+2, -0x1.7c18bep-1:
 *       got 0x1.eea16ep-6, want 0x1.eea16985f3a09p-6
 *   f64 2.8202 ULP at -0x1.ff919d951fb55p+774, 0x1.7e78610276158p-45:
 *       got -0x1.ff919d951fdb4p+773, want -0x1.ff919d951fdb7p+773
 */
#include "gelu_grad.h"
#include "parts/backward.h"

static inline vd gelu_backward_f64(vd dy, vd x) {
  return vd_backward(dy, x, gelu_grad_left_f64(x));
}

static inline vf gelu_backward_tail_f32(vf dy, vf x) {
  return vf_backward(dy, x, gelu_grad_left_f32(x));
}

static inline vf gelu_backward_f32(vf dy, vf x) { return vf_mul(dy, gelu_grad_f32(x)); }

static inline mf gelu_backward_in_tail_f32(vf dy, vf x) {
  (void)dy;
  return gelu_grad_in_tail_f32(x);
}
