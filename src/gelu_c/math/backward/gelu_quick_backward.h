/* gelu_quick_backward(dy, x) = dy * gelu_quick_grad(x).
 *
 * Method: as in gelu_quick_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-133, 0x1.4p-129 (avx512):
 *       got -0x1p-133, want -0x1p-134
 *   f16 0.5000 ULP at -0x1.ff8p-15, -0x0p+0 (avx512):
 *       got -0x1p-15, want -0x1.ff8p-16
 *   f32 2.3889 ULP at -0x1.ee0084p-2, -0x1.f66908p-1 (avx2):
 *       got 0x1.fbc994p-6, want 0x1.fbc998c71ed2dp-6
 *   f64 2.8548 ULP at 0x1.2e7eaaa3c202ap+2, -0x1.a9dadbb20124ap-2 (avx512):
 *       got 0x1.a40413e69e5dap-1, want 0x1.a40413e69e5d7p-1
 */
#ifndef GF_MATH_GELU_QUICK_BACKWARD_H
#define GF_MATH_GELU_QUICK_BACKWARD_H

#include "math/gelu_quick_grad.h"
#include "math/parts/scaled_gradient.h"

static inline v v_gelu_quick_backward(v dy, v x) {
  return v_mul(dy, v_gelu_quick_grad(v_showing(x)));
}

static inline v v_gelu_quick_backward_tail(v dy, v x) {
  return v_backward(dy, x, v_gelu_quick_grad_left(x));
}

#define gelu_quick_backward_HAS_TAIL 1
static inline v_mask v_gelu_quick_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_gelu_quick_grad_in_tail(x);
}

#endif
