/* log_ndtr_grad(x) = phi(x) / Phi(x), the derivative of log_ndtr: the inverse of Mills' ratio at
 * -x.
 *
 * Reduction: none over the pieces. Beyond them, with a = |x|, the result is h(a) on the left, and
 * phi(a) / (1 - q) with q = phi(a) / h(a) on the right.
 * Saturation: it is 0 from 14.37 (float32), 38.57 (float64) up, and -x below -2897, -6.8e7.
 * Method: pieces over [lo, limit] (math/parts/piecewise.h); h by math/parts/inverse_mills.h, phi by
 * math/parts/tail.h.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4998 ULP at 0x1.8cp+0 (avx512):
 *       got 0x1.06p-3, want 0x1.06ffe313089dbp-3
 *   f16 0.5000 ULP at -0x1.ffcp+5 (avx512):
 *       got 0x1p+6, want 0x1.ffe000003fe41p+5
 *   f32 0.9699 ULP at -0x1.78d182p-3 (avx512):
 *       got 0x1.d6515cp-1, want 0x1.d6515df0983edp-1
 *   f64 1.1150 ULP at 0x1.8617b125ffb82p+1 (avx512):
 *       got 0x1.f79ab0211d176p-9, want 0x1.f79ab0211d175p-9
 */
#ifndef GF_MATH_LOG_NDTR_GRAD_H
#define GF_MATH_LOG_NDTR_GRAD_H

#include PIECES_OF(log_ndtr_grad)
#include "math/parts/inverse_mills.h"
#include "math/parts/piecewise.h"

/* h(a), the gradient on the left */
static inline v v_log_ndtr_grad_left(v a) {
  const v h = v2_inverse_mills(a).hi;
#if ENDS_AS_HALF /* h(a) > a must change dy * h(a) if dy * a lies halfway between two numbers */
  return v_max(h, v_mul(a, v_set(1 + 0x1p-40)));
#else
  return h;
#endif
}

/* phi(a) / (1 - q) = phi(a) * (1 + q + q^2), where h is h(a) */
static inline v_scaled v_log_ndtr_grad_right(v a, v h) {
  const v_exponential e = v_exp_minus(v2_half_square(v_min(v_set(NORMAL_GRAD_MAX), a)));
  const v2 factor = v2_constant(phi_at_0);
  const v q = v_beside_one(v_div(v_mul(factor.hi, e.m.hi), h), e.n);
  return v_times_corrected(factor, e, v_fma(q, q, q));
}

static inline v v_log_ndtr_grad_tail(v x) {
  const v a = v_abs(x), h = v_log_ndtr_grad_left(a);
  const v_mask right = v_lt(v_set(0), x);
  if (!v_any(right)) /* the left is cheap */
    return h;
  return v_select(right, v_value(v_log_ndtr_grad_right(a, h)), h);
}

static inline v v_log_ndtr_grad(v x) { return v_collapse(v_pieces(&log_ndtr_grad_pieces, x)); }

#define log_ndtr_grad_HAS_TAIL 1
#define log_ndtr_grad_NEAR_ZERO CONSTANT
static inline v_mask v_log_ndtr_grad_in_tail(v x) {
  return v_outside(x, log_ndtr_grad_pieces.lo, log_ndtr_grad_pieces.limit);
}

#endif
