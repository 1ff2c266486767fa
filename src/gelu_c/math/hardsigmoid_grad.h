/* hardsigmoid_grad(x) = 1/6 for |x| < 3, 0 otherwise: the derivative of hardsigmoid.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.3333 ULP at 0x0p+0 (avx512):
 *       got 0x1.56p-3, want 0x1.5555555555555p-3
 *   f16 0.3333 ULP at 0x0p+0 (avx512):
 *       got 0x1.554p-3, want 0x1.5555555555555p-3
 *   f32 0.3333 ULP at 0x0p+0 (avx512):
 *       got 0x1.555556p-3, want 0x1.5555555555555p-3
 *   f64 0.3333 ULP at -0x1.7ffffffffffffp+1 (avx512):
 *       got 0x1.5555555555555p-3, want 0x1.5555555555555p-3
 */
#ifndef GF_MATH_HARDSIGMOID_GRAD_H
#define GF_MATH_HARDSIGMOID_GRAD_H

#include "math/parts/step.h"

static inline v v_hardsigmoid_grad(v x) {
  return v_select(v_lt(v_abs(x), v_set(3)), v_set((real)1 / 6), v_zero_like(x));
}

#define hardsigmoid_grad_HAS_TAIL 0
#define hardsigmoid_grad_NEAR_ZERO CONSTANT

#endif
