/* tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x)).
 *
 * Reduction: odd, a = |x|; tanh(a) = y / (2 - y) with y = 1 - exp(-2a).
 * Saturation: 1 from 9.09 (float32), 19.07 (float64) up.
 * float64: y = (1 - 2^n) - 2^n * expm1(r), both parts in two words, so no digit is lost near zero
 * (parts/exp.h). float32: rows up to 10.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.4999 ULP at 0x1.d14p-6:
 *       got 0x1.d1p-6, want 0x1.d11fff187b6b3p-6
 *   f32 0.7426 ULP at 0x1.26bcp+2:
 *       got 0x1.ffe5ccp-1, want 0x1.ffe5ca83d018fp-1
 *   f64 0.9554 ULP at 0x1.55ea64fab8adbp-3:
 *       got 0x1.52c62042c256p-3, want 0x1.52c62042c2561p-3
 */
#include "parts/exp.h"
#include "parts/rows.h"

#include "../coeffs/tanh_f32.h"

static inline vd tanh_f64(vd x) {
  const vd a = vd_min(vd_set(20), vd_abs(x));
  const vd_exponential e = vd_exp_reduced_m1(vd_mul(a, vd_set(-2)), vd_set(0));
  const vd minus_power = vd_scale(vd_set(-1), e.n);
  /* y = 1 - exp(-2a) = (1 - 2^n) - 2^n * expm1(r); tanh(a) = y / (2 - y) */
  const vd2 one_minus_power = vd2_sum(vd_set(1), minus_power);
  const vd2 y = vd2_full_sum(one_minus_power.hi, vd_mul(e.m.hi, minus_power));
  const vd y_low = vd_fma(e.m.lo, minus_power, vd_add(y.lo, one_minus_power.lo));
  const vd2 denominator = vd2_sum(vd_set(2), vd_sub(vd_set(0), y.hi));
  const vd2 quotient =
      vd2_div((vd2){y.hi, y_low}, (vd2){denominator.hi, vd_sub(denominator.lo, y_low)});
  return vd_copysign(vd2_times(quotient, vd_set(1)), x);
}

static inline vf tanh_f32(vf x) {
  return vf_copysign(vf_collapse(vf_rows(&tanh_rows, vf_abs(x))), x);
}
