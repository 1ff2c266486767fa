/* sigmoid_backward(dy, x) = dy * sigmoid_grad(x).
 *
 * Method: as in sigmoid_grad.h; math/parts/scaled_gradient.h computes the tails. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.eap-125, 0x1.a2p-114 (avx512):
 *       got -0x1.e8p-127, want -0x1.eap-127
 *   f16 0.5000 ULP at 0x1.fcp-17, -0x1.44p-18 (avx512):
 *       got 0x1.f8p-19, want 0x1.fbfffffff3492p-19
 *   f32 1.6176 ULP at -0x1.cd577ep+6, 0x1.e18c3ep+2 (avx512):
 *       got -0x1.fd886p-5, want -0x1.fd885cc3c97c4p-5
 *   f64 2.1544 ULP at -0x1.d22e7a94cd281p-7, 0x1.e3f6e92dd6439p+2 (avx512):
 *       got -0x1.efd179b683df9p-18, want -0x1.efd179b683dfbp-18
 */
#ifndef GF_MATH_SIGMOID_BACKWARD_H
#define GF_MATH_SIGMOID_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/sigmoid_grad.h"

static inline v v_sigmoid_backward(v dy, v x) {
  return v_mul(dy, v_sigmoid_grad(v_showing_squared(x)));
}

static inline v v_sigmoid_backward_tail(v dy, v x) {
  return v_backward_even(dy, x, v_sigmoid_grad_far(x));
}

#define sigmoid_backward_HAS_TAIL 1
static inline v_mask v_sigmoid_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_sigmoid_grad_in_tail(x);
}

#endif
