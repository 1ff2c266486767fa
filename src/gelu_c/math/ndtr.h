/* ndtr(x) = Phi(x) = (1 + erf(x / sqrt(2))) / 2, the standard normal distribution function.
 *
 * Reduction: with a = |x|, Phi(-a) for x <= 0 and 1 - Phi(-a) for x > 0.
 * Saturation: 1 from 5.42 (float32), 8.30 (float64) up; 0 below -14.17, -38.49.
 * float64: Phi(-a) = w(t) / (a + 4) * exp(-a^2/2) in two words (parts/normal.h, parts/exp.h).
 * float32: rows for a <= 5.43 (parts/rows.h), below that parts/tail.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.09cp-5:
 *       got 0x1.068p-1, want 0x1.06a0014e54729p-1
 *   f32 0.9240 ULP at -0x1.3c27dep+1:
 *       got 0x1.bac79ep-8, want 0x1.bac79c26e6c19p-8
 *   f64 2.9365 ULP at -0x1.2b1fb8d3550a4p+5:
 *       got 0x1.f55926fa02cddp-1016, want 0x1.f55926fa02cdap-1016
 */
#include "parts/exp.h"
#include "parts/normal.h"
#include "parts/rows.h"
#include "parts/tail.h"

#include "../coeffs/ndtr_f32.h"

static inline vd ndtr_f64(vd x) {
  const vd a = vd_min(vd_set(NORMAL_A_MAX), vd_abs(x));
  const vd_exponential e = vd_exp_minus_half_square(a);
  const vd left = vd_scale(vd2_times(vd2_mul(vd_mills(a), e.m), vd_set(1)), e.n);
  return vd_select(vd_lt(vd_set(0), x), vd_sub(vd_set(1), left), left);
}

/* Phi(-a) = p(1 / a^2) / a * exp(-a^2 / 2) */
static inline vf ndtr_tail_f32(vf x) {
  const vf a = vf_min(vf_set(NORMAL_F32_MAX), vf_abs(x));
  const vf2 inverse = vf2_inverse(a);
  const vf2 p = VF2_POLY(vf_mul(inverse.hi, inverse.hi), normal_tail_p);
  return vf_value(vf_times_exp_minus(vf2_mul(p, inverse), vf2_half_square(a)));
}

static inline vf ndtr_f32(vf x) {
  return vf_reflect(vf_lt(vf_set(0), x), vf_set(1), vf_rows(&ndtr_rows, vf_abs(x)));
}

#define GF_HAS_TAIL
static inline mf ndtr_in_tail_f32(vf x) { return vf_lt(x, vf_set(-ndtr_rows.limit)); }
