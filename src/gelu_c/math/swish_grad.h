/* swish_grad(x, beta) = silu_grad(z) with z = beta * x, the derivative of swish by x.
 *
 * Reduction: as in silu_grad.h, with a = |z| as two words, because the rounding of z would cost
 * digits in the tails, and all of them next to the zero of the derivative.
 * Saturation: as silu_grad at z.
 * Method: the pieces of silu_grad, where the low word of a joins t (math/parts/piecewise.h); next
 * to the zero, a polynomial in the distance from the zero, which is a number of three words;
 * beyond the pieces on both sides, the formula of math/parts/silu_gradient.h.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1.fcp-8, -0x1.02p-2 (avx2):
 *       got 0x1p-1, want 0x1.ff00040aaa2a4p-2
 *   f16 0.5000 ULP at 0x1p-12, -0x1p+0 (avx2):
 *       got 0x1p-1, want 0x1.ffe0000005555p-2
 *   f32 1.4876 ULP at -0x1.03f8bp+0, 0x1.5be03ap+0 (avx512):
 *       got -0x1.51d4f2p-6, want -0x1.51d4ef0658707p-6
 *   f64 2.1820 ULP at -0x1.4c2e627050facp+0, 0x1.cba64738c4888p-2 (avx512):
 *       got 0x1.cba6471c5f201p-3, want 0x1.cba6471c5f203p-3
 */
#ifndef GF_MATH_SWISH_GRAD_H
#define GF_MATH_SWISH_GRAD_H

#include "math/parts/swish_phase.h"
#include "math/silu_grad.h"

/* swish_grad as two words */
static inline v2 v2_swish_grad(v x, v beta) {
  const v2 a = v_swish_phase(x, beta);
  const v_sum left = v_pieces_at(&silu_grad_pieces, a.hi, a.lo);
  const v2 right = v2_sum(v_set(1), v_sub(v_set(0), left.hi));
  const v_mask is_right = v_lt(v_set(0), v_mul(beta, x));
  return (v2){v_select(is_right, right.hi, left.hi),
              v_select(is_right, v_sub(right.lo, left.lo), left.lo)};
}

static inline v v_swish_grad(v x, v beta) { return v2_collapse(v2_swish_grad(x, beta)); }

static inline v_mask v_is_near_silu_grad_zero(v a) {
  return v_lt(v_abs(v_sub(a, v_set(silu_grad_zero[0]))), v_set((real)0x1p-6));
}

/* silu_grad(-a) next to its zero */
static inline v v_silu_grad_near_zero(v2 a) {
  const v2 near =
      v2_sum(v_sub(a.hi, v_set(silu_grad_zero[0])), v_sub(a.lo, v_set(silu_grad_zero[1])));
  const v2 t = v2_sum(near.hi, v_sub(near.lo, v_set(silu_grad_zero[2])));
  return v2_collapse(v2_mul(V2_POLY(t.hi, silu_grad_zero_p), t));
}

/* silu_grad(-|z|) beyond the pieces */
static inline v_scaled v_swish_grad_left(v x, v beta) {
  return v_silu_grad_of_minus(v_swish_phase(x, beta));
}

static inline v v_swish_grad_tail(v x, v beta) {
  const v2 a = v_swish_phase(x, beta);
  const v left = v_select(v_is_near_silu_grad_zero(a.hi), v_silu_grad_near_zero(a),
                          v_value(v_swish_grad_left(x, beta)));
  return v_left_or_rest(v_mul(beta, x), left);
}

#define swish_grad_HAS_TAIL 1
static inline v_mask v_swish_grad_in_tail(v x, v beta) {
  const v z = v_mul(beta, x);
  return v_or(v_silu_grad_in_tail(z), v_is_near_silu_grad_zero(v_abs(z)));
}

#endif
