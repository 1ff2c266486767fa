/* relu_squared(x) = max(x, 0)^2. One product is correctly rounded.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1p-67 (avx512):
 *       got 0x0p+0, want 0x1p-134
 *   f16 0.5000 ULP at 0x1.78p-7 (avx512):
 *       got 0x1.14p-13, want 0x1.142p-13
 *   f32 0.5000 ULP at 0x1.d4p-69 (avx512):
 *       got 0x1.abcp-137, want 0x1.abc8p-137
 *   f64 0.5000 ULP at 0x1.ffffffffffffep-513 (avx512):
 *       got 0x0.4p-1022, want 0x0.4p-1022
 */
#ifndef GF_MATH_RELU_SQUARED_H
#define GF_MATH_RELU_SQUARED_H

#include "math/relu.h"

static inline v v_relu_squared(v x) { return v_mul(v_relu(x), v_relu(x)); }

#define relu_squared_HAS_TAIL 0

#endif
