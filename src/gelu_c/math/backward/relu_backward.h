/* relu_backward(dy, x) = dy * relu_grad(x). The result is exact.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.0000 ULP at 0x1p+0, 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f16 0.0000 ULP at 0x1p+0, 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f32 0.0000 ULP at 0x1p+0, 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f64 0.0000 ULP at 0x1p+0, 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 */
#ifndef GF_MATH_RELU_BACKWARD_H
#define GF_MATH_RELU_BACKWARD_H

#include "math/parts/step.h"

static inline v v_relu_backward(v dy, v x) { return v_mul_in_order(dy, v_step(x)); }

#define relu_backward_HAS_TAIL 0

#endif
