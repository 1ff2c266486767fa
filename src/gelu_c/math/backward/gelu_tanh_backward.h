/* gelu_tanh_backward(dy, x) = dy * gelu_tanh_grad(x).
 *
 * Method: as in gelu_tanh_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at -0x1.ff8p-15, -0x0p+0 (avx512):
 *       got -0x1p-15, want -0x1.ff8p-16
 *   f32 2.8547 ULP at 0x1.8812bp+4, -0x1.8daae8p-1 (avx512):
 *       got -0x1.000002p-2, want -0x1.fffffe4a600f6p-3
 *   f64 2.7479 ULP at 0x1.a1fd3c99e295dp+0, 0x1.229a05ff7ae6bp-3 (avx512):
 *       got 0x1.0000000000001p+0, want 0x1.fffffffffffffp-1
 *   bf16 0.5000 ULP at -0x1p-133, 0x1.4p-129 (avx512):
 *       got -0x1p-133, want -0x1p-134
 */
#ifndef GF_MATH_GELU_TANH_BACKWARD_H
#define GF_MATH_GELU_TANH_BACKWARD_H

#include "math/gelu_tanh_grad.h"
#include "math/parts/scaled_gradient.h"

static inline v v_gelu_tanh_backward(v dy, v x) {
  return v_mul_in_order(dy, v_gelu_tanh_grad(v_showing(x)));
}

static inline v v_gelu_tanh_backward_tail(v dy, v x) {
  return v_backward(dy, x, v_gelu_tanh_grad_left(x));
}

#define gelu_tanh_backward_HAS_TAIL 1
static inline v_mask v_gelu_tanh_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_gelu_tanh_grad_in_tail(x);
}

#endif
