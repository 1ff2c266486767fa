/* relu_squared_backward(dy, x) = dy * 2 * max(x, 0).
 *
 * Method: max(x, 0) is doubled if it is less than 2, otherwise dy. So the doubling does not
 * overflow unless the result does, and one product is the only rounding.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1.fep+0, 0x1p-128 (avx512):
 *       got 0x1p-126, want 0x1.fep-127
 *   f16 0.5000 ULP at -0x1.c8p+4, 0x1.48p-18 (avx512):
 *       got -0x1.24p-12, want -0x1.242p-12
 *   f32 0.5000 ULP at -0x1p-24, 0x1.508p-118 (avx512):
 *       got -0x1.5p-141, want -0x1.508p-141
 *   f64 0.5000 ULP at 0x1.ffffffffffff5p+49, 0x0.0000000000002p-1022 (avx512):
 *       got 0x0.ffffffffffffap-1022, want 0x0.ffffffffffffap-1022
 */
#ifndef GF_MATH_RELU_SQUARED_BACKWARD_H
#define GF_MATH_RELU_SQUARED_BACKWARD_H

#include "math/relu.h"

static inline v v_relu_squared_backward(v dy, v x) {
  const v m = v_relu(x);
  const v_mask small = v_lt(m, v_set(2));
  return v_mul_in_order(v_select(small, dy, v_add(dy, dy)), v_select(small, v_add(m, m), m));
}

#define relu_squared_backward_HAS_TAIL 0

#endif
