/* relu_squared_grad(x) = 2 * max(x, 0), the derivative of relu_squared. The result is exact.
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
#ifndef GF_MATH_RELU_SQUARED_GRAD_H
#define GF_MATH_RELU_SQUARED_GRAD_H

#include "math/relu.h"

static inline v v_relu_squared_grad(v x) { return v_add(v_relu(x), v_relu(x)); }

#define relu_squared_grad_HAS_TAIL 0

#endif
