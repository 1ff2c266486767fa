/* gelu_quick_grad(x) = silu_grad(1.702 x), the derivative of gelu_quick (gelu_quick.h).
 *
 * Reduction: gelu_quick_grad(x) + gelu_quick_grad(-x) = 1. With a = |x|, l(a) = gelu_quick_grad(-a)
 * the result is l(a) for x <= 0 and 1 - l(a) for x > 0. l is zero at a = 0.7511542... and negative
 * beyond.
 * Saturation: it is 1 from 11.50 (float32), 23.75 (float64) up, and -0.0 below -63.84, -441.69.
 * Method: pieces for l, one of them centred on the zero (math/parts/piecewise.h); beyond their
 * limit on both sides, the formula of math/parts/silu_gradient.h.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4999 ULP at -0x1.1cp-2 (avx512):
 *       got 0x1.18p-2, want 0x1.17000a6d5084p-2
 *   f16 0.4999 ULP at 0x1.c34p-11 (avx512):
 *       got 0x1.008p-1, want 0x1.006000df079e5p-1
 *   f32 1.3708 ULP at -0x1.85e7dep-1 (avx512):
 *       got -0x1.f266a2p-9, want -0x1.f266a4bdd5185p-9
 *   f64 1.8444 ULP at -0x1.7b43fc0e37235p-1 (avx2):
 *       got 0x1.ff6fa23ed79bap-9, want 0x1.ff6fa23ed79bcp-9
 */
#ifndef GF_MATH_GELU_QUICK_GRAD_H
#define GF_MATH_GELU_QUICK_GRAD_H

#include PIECES_OF(gelu_quick_grad)
#include "math/parts/piecewise.h"
#include "math/parts/silu_gradient.h"

/* gelu_quick_grad(-a) */
static inline v_scaled v_gelu_quick_grad_left(v x) {
  const v a = v_min(v_set(SIGMOID_GRAD_MAX), v_abs(x));
  return v_silu_grad_of_minus(v2_mul(v2_constant(quick_factor), v2_of(a)));
}

static inline v v_gelu_quick_grad_tail(v x) {
  return v_left_or_rest(x, v_value(v_gelu_quick_grad_left(x)));
}

static inline v v_gelu_quick_grad(v x) {
  return v_reflect_right(x, v_set(1), v_pieces(&gelu_quick_grad_pieces, v_abs(x)));
}

#define gelu_quick_grad_HAS_TAIL 1
#define gelu_quick_grad_NEAR_ZERO CONSTANT
static inline v_mask v_gelu_quick_grad_in_tail(v x) {
  return v_lt(v_set(gelu_quick_grad_pieces.limit), v_abs(x));
}

#endif
