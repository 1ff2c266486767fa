/* relu_grad(x) = 1 for x > 0, 0 for x <= 0: the derivative of relu. The result is exact.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f16 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f32 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 *   f64 0.0000 ULP at 0x0p+0 (avx512):
 *       got 0x0p+0, want 0x0p+0
 */
#ifndef GF_MATH_RELU_GRAD_H
#define GF_MATH_RELU_GRAD_H

#include "math/parts/step.h"

static inline v v_relu_grad(v x) { return v_step(x); }

#define relu_grad_HAS_TAIL 0

#endif
