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
 *   f32 2.5365 ULP at 0x1.c09498p+8, -0x1.8222cp-1 (avx2):
 *       got -0x1.000002p-1, want -0x1.fffffeed4f0a6p-2
 *   f64 3.2747 ULP at 0x1.fc559c573e314p+5, -0x1.75f9fc35b63e2p-1 (avx512):
 *       got 0x1.0000000000001p-1, want 0x1.fffffffffffffp-2
 */
#ifndef GF_MATH_GELU_QUICK_BACKWARD_H
#define GF_MATH_GELU_QUICK_BACKWARD_H

#include "math/gelu_quick_grad.h"
#include "math/parts/scaled_gradient.h"

static inline v v_gelu_quick_backward(v dy, v x) {
  return v_mul_in_order(dy, v_gelu_quick_grad(v_showing(x)));
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
