/* log_ndtr(x) = log(Phi(x)), where Phi is the standard normal distribution function.
 *
 * Reduction: none over the pieces. Beyond them, with a = |x|, the result is
 * -(a^2/2 + log(sqrt(2 pi) h(a))) on the left, and log(1 - q) with q = Phi(-a) = phi(a) / h(a) on
 * the right.
 * Saturation: it is -0.0 from 14.17 (float32), 38.49 (float64) up, -inf below -2.6e19, -1.9e154.
 * Method: pieces over [lo, limit] (math/parts/piecewise.h); h by math/parts/inverse_mills.h, phi by
 * math/parts/tail.h.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.1p+34 (avx512):
 *       got -0x1.22p+67, want -0x1.21p+67
 *   f16 0.5000 ULP at 0x1.5p-15 (avx512):
 *       got -0x1.62cp-1, want -0x1.62dfff98ac1c2p-1
 *   f32 0.8635 ULP at -0x1.42e1p+2 (avx512):
 *       got -0x1.e993b8p+3, want -0x1.e993b645ddb1ep+3
 *   f64 1.3401 ULP at 0x1.3217b3f395eaep+0 (avx512):
 *       got -0x1.f89f03769f084p-4, want -0x1.f89f03769f083p-4
 */
#ifndef GF_MATH_LOG_NDTR_H
#define GF_MATH_LOG_NDTR_H

#include PIECES_OF(log_ndtr)
#include "math/parts/inverse_mills.h"
#include "math/parts/log.h"
#include "math/parts/piecewise.h"

/* If the square is infinite, its second word is -inf or NaN. */
static inline v v_log_ndtr_left(v a) {
  const v half_log_2pi = v_set((real)0x1.d67f1c864beb5p-1);
  const v2 square = v2_half_square(a);
  const v h = v2_inverse_mills(v_min(v_set(0x1p60f), a)).hi;
  v rest = v_add(half_log_2pi, v_log(h));
#if ENDS_AS_HALF /* rest must change the sum if the square lies halfway between two numbers */
  rest = v_max(rest, v_mul(square.hi, v_set(0x1p-40f)));
#endif
  rest = v_add(rest, v_max(square.lo, v_set(-REAL_MAX)));
  return v_sub(v_set(0), v_add(square.hi, rest));
}

/* log(1 - q) = -q * (1 + q/2 + q^2/3) */
static inline v v_log_ndtr_right(v a) {
  const v_exponential e = v_exp_minus(v2_half_square(a));
  const v2 factor = v2_mul(v2_constant(phi_at_0), v2_inverse_of(v2_inverse_mills(a)));
  const v q = v_beside_one(v_mul(factor.hi, e.m.hi), e.n);
  const v more = v_mul(q, v_fma(q, v_set((real)0x1.5555555555555p-2), v_set(0.5f)));
  const v_scaled y = v_times_corrected(factor, e, more);
  return v_value((v_scaled){v_mul(y.m, v_set(-1)), y.n});
}

static inline v v_log_ndtr_tail(v x) {
  const v a = v_abs(x);
  const v_mask right = v_lt(v_set(0), x), left = v_lt(x, v_set(0));
  v y = x;
  if (v_any(left)) /* each side is expensive, so skip it if it has no lanes */
    y = v_select(left, v_log_ndtr_left(a), y);
  if (v_any(right))
    y = v_select(right, v_log_ndtr_right(v_min(v_set(NORMAL_MAX), a)), y);
  return y;
}

static inline v v_log_ndtr(v x) { return v_collapse(v_pieces(&log_ndtr_pieces, x)); }

#define log_ndtr_HAS_TAIL 1
#define log_ndtr_NEAR_ZERO CONSTANT
static inline v_mask v_log_ndtr_in_tail(v x) {
  return v_outside(x, log_ndtr_pieces.lo, log_ndtr_pieces.limit);
}

#endif
