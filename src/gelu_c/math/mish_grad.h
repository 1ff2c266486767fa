/* mish_grad(x) = t + x * sigmoid(x) * (1 - t^2) with t = tanh(softplus(x)), the derivative of mish.
 *
 * Reduction: mish_grad(x) = (e / d) * (2 + e + 4 x (1 + e) / d), where e = exp(x) and
 * d = 2 + e * (2 + e).
 * Saturation: it is 1 from 10.15 (float32), 20.57 (float64) up, and -0.0 below -108.65, -751.75.
 * Method: this formula, as two words (math/parts/mish_terms.h); near the zero at x = -1.1924312...,
 * where the sum cancels, a polynomial. On the left, where e is negligible beside 1, the result is
 * (1 + x) * e (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.4p-11 (avx512):
 *       got 0x1.32p-1, want 0x1.32ffff66c222p-1
 *   f16 0.5000 ULP at -0x1.ep-13 (avx512):
 *       got 0x1.33p-1, want 0x1.331fffea6b3cdp-1
 *   f32 0.8663 ULP at -0x1.fe3c9ep-1 (avx512):
 *       got 0x1.eefdb4p-5, want 0x1.eefdb5bb89f1bp-5
 *   f64 0.9130 ULP at -0x1.0904709865ap+0 (avx512):
 *       got 0x1.8274a601cc32dp-5, want 0x1.8274a601cc32cp-5
 */
#ifndef GF_MATH_MISH_GRAD_H
#define GF_MATH_MISH_GRAD_H

#include PIECES_OF(mish_grad)
#include "math/parts/mish_terms.h"

/* mish_grad(-a), far on the left */
static inline v_scaled v_mish_grad_left(v x) {
  const v a = v_min(v_set(EXP_GRAD_MAX), v_abs(x));
  return v_times_exp_minus(v2_sum(v_sub(v_set(0), a), v_set(1)), v2_of(a));
}

static inline v v_mish_grad_tail(v x) { return v_value(v_mish_grad_left(x)); }

static inline v v_mish_grad(v x) {
  const v inside = v_min(v_set(MISH_SATURATES), x);
  const v_mish_terms terms = v_mish_terms_of(inside);
  const v2 times_4x = v2_mul(v2_constant_and(1, terms.e), v2_of(v_mul(inside, v_set(4))));
  const v2 sum = v2_add_any(terms.two_and_e, v2_div(times_4x, terms.d));
  const v2 product = v2_mul(v2_div(terms.e, terms.d), sum);

  const v t = v_sub(x, v_set(mish_grad_zero[0]));
  const v2 from_zero = {t, v_set(-mish_grad_zero[1])};
  const v2 about_zero = v2_mul(from_zero, V2_POLY(t, mish_grad_slope));
  const v_mask near_zero = v_lt(v_abs(t), v_set(mish_grad_radius[0]));
  return v_select(near_zero, v2_collapse(about_zero), v2_collapse(product));
}

#define mish_grad_HAS_TAIL 1
#define mish_grad_NEAR_ZERO CONSTANT
static inline v_mask v_mish_grad_in_tail(v x) { return v_lt(x, v_set(MISH_TAIL)); }

#endif
