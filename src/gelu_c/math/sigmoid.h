/* sigmoid(x) = 1 / (1 + exp(-x)), the logistic function.
 *
 * Reduction: with a = |x| and e = exp(-a), e / (1 + e) for x < 0 and 1 / (1 + e) for x >= 0.
 * Saturation: 1 from 17.33 (float32), 37.43 (float64) up; 0 below -103.97, -745.13.
 * float64: e and the quotient in two words (parts/exp.h). float32: rows for a <= 11 (parts/rows.h),
 * below that e * (1 - e) (parts/tail.h).
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.6p-7:
 *       got 0x1.018p-1, want 0x1.015fff222b527p-1
 *   f32 0.7978 ULP at -0x1.5eba96p+6:
 *       got 0x1.6a5dep-127, want 0x1.6a5ddccf1759cp-127
 *   f64 0.7913 ULP at -0x1.625c5a0312b36p+9:
 *       got 0x0.b8f3d6f496b98p-1022, want 0x0.b8f3d6f496b97p-1022
 */
#include "parts/exp.h"
#include "parts/rows.h"
#include "parts/tail.h"

#include "../coeffs/sigmoid_f32.h"

static inline vd sigmoid_f64(vd x) {
  const vd a = vd_min(vd_set(800), vd_abs(x));
  const vd_exponential e = vd_exp(vd_sub(vd_set(0), a), vd_set(0));
  const md left = vd_lt(x, vd_set(0));
  const vd2 numerator = {vd_select(left, e.m.hi, vd_set(1)), vd_select(left, e.m.lo, vd_set(0))};
  const vd quotient = vd2_times(vd2_div(numerator, vd_one_plus(e)), vd_set(1));
  return vd_select(left, vd_scale(quotient, e.n), quotient);
}

/* exp(-a) / (1 + exp(-a)), on both sides: on the right, 1 is reached only at 17.33 */
static inline vf sigmoid_tail_f32(vf x) {
  const vf a = vf_min(vf_set(120), vf_abs(x));
  const vf2 one = {vf_set(1), vf_set(0)};
  const vf left = vf_value(vf_times_logistic(one, (vf2){a, vf_set(0)}, 1));
  return vf_select(vf_lt(vf_set(0), x), vf_sub(vf_set(1), left), left);
}

static inline vf sigmoid_f32(vf x) {
  return vf_reflect(vf_lt(vf_set(0), x), vf_set(1), vf_rows(&sigmoid_rows, vf_abs(x)));
}

#define GF_HAS_TAIL
static inline mf sigmoid_in_tail_f32(vf x) { return vf_lt(vf_set(sigmoid_rows.limit), vf_abs(x)); }
