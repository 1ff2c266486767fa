/* silu_grad(x) = sigmoid(x) + x * sigmoid(x) * sigmoid(-x), the derivative of silu.
 *
 * Reduction: silu_grad(x) + silu_grad(-x) = 1, so with a = |x| and l(a) = silu_grad(-a) the result
 * is l(a) for x <= 0 and 1 - l(a) for x > 0. l is zero at a = 1.2784645... and negative beyond.
 * Saturation: it is 1 from 19.56 (float32), 40.42 (float64) up, and -0.0 below -108.66, -751.76.
 * Method: pieces for l, one of them centred on the zero (math/parts/piecewise.h); beyond their
 * limit on both sides, the formula of math/parts/silu_gradient.h.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-9 (avx512):
 *       got 0x1p-1, want 0x1.ff00000aaaaa4p-2
 *   f16 0.5000 ULP at -0x1p-12 (avx512):
 *       got 0x1p-1, want 0x1.ffe0000005555p-2
 *   f32 1.2392 ULP at -0x1.47db6p+0 (avx2):
 *       got -0x1.fbc6d8p-12, want -0x1.fbc6d58589567p-12
 *   f64 1.9327 ULP at -0x1.1009f4efc927ep+0 (avx512):
 *       got 0x1.ba49ede623426p-5, want 0x1.ba49ede623424p-5
 */
#ifndef GF_MATH_SILU_GRAD_H
#define GF_MATH_SILU_GRAD_H

#include PIECES_OF(silu_grad)
#include "math/parts/piecewise.h"
#include "math/parts/silu_gradient.h"

/* silu_grad(-a) */
static inline v_scaled v_silu_grad_left(v x) {
  const v a = v_min(v_set(SIGMOID_GRAD_MAX), v_abs(x));
  return v_silu_grad_of_minus(v2_of(a));
}

static inline v v_silu_grad_tail(v x) { return v_left_or_rest(x, v_value(v_silu_grad_left(x))); }

static inline v v_silu_grad(v x) {
  return v_reflect_right(x, v_set(1), v_pieces(&silu_grad_pieces, v_abs(x)));
}

#define silu_grad_HAS_TAIL 1
#define silu_grad_NEAR_ZERO CONSTANT
static inline v_mask v_silu_grad_in_tail(v x) {
  return v_lt(v_set(silu_grad_pieces.limit), v_abs(x));
}

#endif
