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
 *   f32 2.2501 ULP at 0x1.fda9dcp+8, 0x1.6217e6p+2 (avx512):
 *       got 0x1.000002p+1, want 0x1.ffffff7ff8121p+0
 *   f64 2.6218 ULP at 0x1.de9110e628cf5p+23, -0x1.e5d08e0b79af8p+3 (avx512):
 *       got 0x1.0000000000001p+2, want 0x1.fffffffffffffp+1
 */
#ifndef GF_MATH_SIGMOID_BACKWARD_H
#define GF_MATH_SIGMOID_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/sigmoid_grad.h"

static inline v v_sigmoid_backward(v dy, v x) {
  return v_mul_in_order(dy, v_sigmoid_grad(v_showing_squared(x)));
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
