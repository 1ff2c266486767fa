/* hardsigmoid_backward(dy, x) = dy * hardsigmoid_grad(x).
 *
 * Method: dy / 6, because a product with 1/6 would be rounded twice.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.c2p-126, 0x1.eap-60 (avx512):
 *       got -0x1.3p-128, want -0x1.2cp-128
 *   f16 0.5000 ULP at -0x1.ff8p-15, 0x1.8p-20 (avx512):
 *       got -0x1.54p-17, want -0x1.55p-17
 *   f32 0.5000 ULP at 0x1.0ac5f2p-126, 0x1.5d4acp-131 (avx512):
 *       got 0x1.63b2ap-129, want 0x1.63b298p-129
 *   f64 0.5000 ULP at -0x0.00bfffffffffdp-1022, -0x1.7ffffffffffffp+1 (avx512):
 *       got -0x0.002p-1022, want -0x0.002p-1022
 */
#ifndef GF_MATH_HARDSIGMOID_BACKWARD_H
#define GF_MATH_HARDSIGMOID_BACKWARD_H

#include "math/parts/step.h"

static inline v v_hardsigmoid_backward(v dy, v x) {
  return v_select(v_lt(v_abs(x), v_set(3)), v_div(dy, v_set(6)),
                  v_mul_in_order(dy, v_zero_like(x)));
}

#define hardsigmoid_backward_HAS_TAIL 0

#endif
