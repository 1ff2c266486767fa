/* gelu_grad(x) = Phi(x) + x * phi(x), the derivative of gelu; phi is the standard normal density.
 *
 * Reduction: gelu_grad(x) + gelu_grad(-x) = 1, so with a = |x| and l(a) = gelu_grad(-a) the result
 * is l(a) for x <= 0 and 1 - l(a) for x > 0. l is zero at a = 0.7517915... and negative beyond.
 * Saturation: it is 1 from 5.92 (float32), 8.72 (float64) up, and -0.0 below -14.54, -38.67.
 * Method: pieces for l, one of them centred on the zero (math/parts/piecewise.h); beyond their
 * limit on both sides, l(a) = -a * p(1 / a^2) * exp(-a^2 / 2) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at -0x1.f78p-3 (avx512):
 *       got 0x1.3bp-2, want 0x1.3b1fffabf8596p-2
 *   f32 1.2355 ULP at -0x1.8a48d6p-1 (avx512):
 *       got -0x1.fcd748p-8, want -0x1.fcd74a788ea01p-8
 *   f64 1.4540 ULP at -0x1.833e0177cd494p-1 (avx2):
 *       got -0x1.ff8a3ba398d64p-10, want -0x1.ff8a3ba398d65p-10
 *   bf16 0.4999 ULP at 0x1.d2p-1 (avx512):
 *       got 0x1.0ep+0, want 0x1.0efff5bb05dddp+0
 */
#ifndef GF_MATH_GELU_GRAD_H
#define GF_MATH_GELU_GRAD_H

#include PIECES_OF(gelu_grad)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

/* gelu_grad(-a) */
static inline v_scaled v_gelu_grad_left(v x) {
  const v a = v_min(v_set(NORMAL_GRAD_MAX), v_abs(x));
  const v2 p = V2_POLY(v_div(v_set(1), v_mul(a, a)), gelu_grad_tail_p);
  return v_times_exp_minus(v2_mul(p, v2_of(v_mul(a, v_set(-1)))), v2_half_square(a));
}

static inline v v_gelu_grad_tail(v x) { return v_left_or_rest(x, v_value(v_gelu_grad_left(x))); }

static inline v v_gelu_grad(v x) {
  return v_reflect_right(x, v_set(1), v_pieces(&gelu_grad_pieces, v_abs(x)));
}

#define gelu_grad_HAS_TAIL 1
#define gelu_grad_NEAR_ZERO CONSTANT
static inline v_mask v_gelu_grad_in_tail(v x) {
  return v_lt(v_set(gelu_grad_pieces.limit), v_abs(x));
}

#endif
