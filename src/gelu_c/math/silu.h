/* silu(x) = x * sigmoid(x) = x / (1 + exp(-x)).
 *
 * Reduction: silu(x) = max(x, 0) - h(a), where a = |x| and h(a) = a * sigmoid(-a), with the sign of
 * x.
 * Saturation: it is x from 16.68 (float32), 36.88 (float64) up, and -0.0 below -108.67, -751.76.
 * Method: pieces for h (math/parts/piecewise.h); beyond their limit on both sides,
 * h(a) = a * e * (1 - e) with e = exp(-a) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1p-133 (avx512):
 *       got 0x1p-133, want 0x1p-134
 *   f16 0.5000 ULP at -0x1p-11 (avx512):
 *       got -0x1p-12, want -0x1.ffe000000aaabp-13
 *   f32 0.9957 ULP at -0x1.023798p-8 (avx2):
 *       got -0x1.01b55cp-9, want -0x1.01b55dfdd12a3p-9
 *   f64 1.3934 ULP at -0x1.1915c877a51bdp+2 (avx512):
 *       got -0x1.b7d9788fb4269p-5, want -0x1.b7d9788fb4268p-5
 */
#ifndef GF_MATH_SILU_H
#define GF_MATH_SILU_H

#include PIECES_OF(silu)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

/* silu(-a) */
static inline v_scaled v_silu_left(v x) {
  const v a = v_min(v_set(SIGMOID_GRAD_MAX), v_abs(x));
  return v_opposite(v_times_logistic(v2_of(a), v_exp_minus(v2_of(a)), 1));
}

static inline v v_silu_tail(v x) { return v_left_or_beside(x, v_silu_left(x)); }

static inline v v_silu(v x) {
  /* max gives x if x is a zero or NaN */
  return v_minus(v_max(v_set(-0.0), x), v_pieces_of_abs(&silu_pieces, x));
}

#define silu_HAS_TAIL 1
#define silu_NEAR_ZERO HALF_X
static inline v_mask v_silu_in_tail(v x) { return v_lt(v_set(silu_pieces.limit), v_abs(x)); }

#endif
