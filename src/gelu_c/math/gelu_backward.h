/* gelu_backward(dy, x) = dy * gelu_grad(x).
 *
 * As gelu_grad.h; the left tail: parts/backward.h. float16 and bfloat16 are computed in float64.
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

static inline v v_gelu_backward(v dy, v x) { return v_mul(dy, v_gelu_grad(v_showing(x))); }

static inline v v_gelu_backward_tail(v dy, v x) { return v_backward(dy, x, v_gelu_grad_left(x)); }

static inline v_mask v_gelu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_gelu_grad_in_tail(x);
}
