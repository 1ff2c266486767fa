/* leaky_relu_backward(dy, x, negative_slope) = dy * leaky_relu_grad(x, negative_slope). The product
 * is rounded once.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.cp+18, -0x1.c2p+122, 0x1.24p-17 (avx2):
 *       got -0x1p+2, want -0x1.ffp+1
 *   f16 0.5000 ULP at 0x1.1ap+14, -0x1p+10, 0x1.dp-19 (avx2):
 *       got 0x1.ffp-5, want 0x1.ff2p-5
 *   f32 0.5000 ULP at 0x1.fffffcp-9, -0x1p+120, 0x1p-119 (avx2):
 *       got 0x1p-127, want 0x1.fffffcp-128
 *   f64 0.5000 ULP at 0x1.ffffffffffffep-9, -0x1p+1016, 0x1p-1015 (avx2):
 *       got 0x0.8p-1022, want 0x0.8p-1022
 */
#ifndef GF_MATH_LEAKY_RELU_BACKWARD_H
#define GF_MATH_LEAKY_RELU_BACKWARD_H

#include "math/leaky_relu_grad.h"

static inline v v_leaky_relu_backward(v dy, v x, v negative_slope) {
  return v_mul_in_order(dy, v_leaky_relu_grad(x, negative_slope));
}

#define leaky_relu_backward_HAS_TAIL 0

#endif
