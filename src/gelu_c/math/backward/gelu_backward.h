/* gelu_backward(dy, x) = dy * gelu_grad(x).
 *
 * Method: as in gelu_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at -0x1.ff8p-15, -0x0p+0 (avx512):
 *       got -0x1p-15, want -0x1.ff8p-16
 *   f32 2.6361 ULP at 0x1.e627b6p+14, -0x1.34f3bap+2 (avx512):
 *       got -0x1.000002p-1, want -0x1.fffffeba56f5cp-2
 *   f64 2.6950 ULP at 0x1.fd05e18fb5177p+4, -0x1.8a6656018b147p-1 (avx2):
 *       got -0x1.0000000000001p-2, want -0x1.fffffffffffffp-3
 *   bf16 0.5000 ULP at -0x1p-133, 0x1.4p-129 (avx512):
 *       got -0x1p-133, want -0x1p-134
 */
#ifndef GF_MATH_GELU_BACKWARD_H
#define GF_MATH_GELU_BACKWARD_H

#include "math/gelu_grad.h"
#include "math/parts/scaled_gradient.h"

static inline v v_gelu_backward(v dy, v x) { return v_mul_in_order(dy, v_gelu_grad(v_showing(x))); }

static inline v v_gelu_backward_tail(v dy, v x) { return v_backward(dy, x, v_gelu_grad_left(x)); }

#define gelu_backward_HAS_TAIL 1
static inline v_mask v_gelu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_gelu_grad_in_tail(x);
}

#endif
