/* gelu(x) = x * Phi(x), where Phi is the standard normal distribution function.
 *
 * Reduction: gelu(x) = max(x, 0) - h(a), where a = |x| and h(a) = a * Phi(-a), with the sign of x:
 * -0.0 at -0.0 and -inf. h is subtracted from an exact number: x, or 0 for x < 0.
 * Saturation: it is x from 5.35 (float32), 8.22 (float64) up, and -0.0 below -14.36, -38.58.
 * The product a * Phi(-a) is computed before it is scaled into the subnormal range.
 * Method: pieces for h (math/parts/piecewise.h); beyond their limit,
 * h(a) = p(1 / a^2) * exp(-a^2 / 2) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at 0x1p-24 (avx512):
 *       got 0x1p-24, want 0x1.000000cc4229ap-25
 *   f32 0.9968 ULP at -0x1.00c296p-8 (avx2):
 *       got -0x1.ffea38p-10, want -0x1.ffea39fe59c0cp-10
 *   f64 1.2315 ULP at -0x1.6e6b0769b110cp+2 (avx512):
 *       got -0x1.fbd6d7935989bp-26, want -0x1.fbd6d7935989cp-26
 *   bf16 0.5000 ULP at 0x1p-133 (avx512):
 *       got 0x1p-133, want 0x1p-134
 */
#ifndef GF_MATH_GELU_H
#define GF_MATH_GELU_H

#include PIECES_OF(gelu)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

/* gelu(-a) */
static inline v_scaled v_gelu_left(v x) {
  const v a = v_min(v_set(NORMAL_GRAD_MAX), v_abs(x));
  const v2 p = V2_POLY(v_div(v_set(1), v_mul(a, a)), normal_tail_p);
  return v_opposite(v_times_exp_minus(p, v2_half_square(a)));
}

static inline v v_gelu_tail(v x) { return v_left_or_beside(x, v_gelu_left(x)); }

static inline v v_gelu(v x) {
  /* max gives x if x is a zero or NaN */
  return v_minus(v_max(v_set(-0.0), x), v_pieces_of_abs(&gelu_pieces, x));
}

#define gelu_HAS_TAIL 1
#define gelu_NEAR_ZERO HALF_X
static inline v_mask v_gelu_in_tail(v x) { return v_beyond(x, gelu_pieces.limit, GELU_SATURATES); }

#endif
