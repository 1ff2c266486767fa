/* gelu_tanh(x) = x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) / 2 = x * sigmoid(v(x)),
 * v(x) = 2 sqrt(2/pi) * (x + 0.044715 x^3), the constants meant as exact real numbers.
 *
 * Reduction: gelu_tanh(x) = max(x, 0) - h(a), a = |x|, h(a) = a * sigmoid(-v(a)), with the sign of x.
 * Saturation: x from 5.00 (float32), 7.14 (float64) up; -0.0 below -10.77, -21.55.
 * float64: h = a * e / (1 + e), e = exp(-v), v in two words (parts/tanh_argument.h).
 * float32: rows for a <= 5 (parts/rows.h), below that parts/tail.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.d3cp-3:
 *       got 0x1.14p-3, want 0x1.1420013cf46d9p-3
 *   f32 0.9909 ULP at -0x1.3ffe78p+2:
 *       got -0x1.ec784cp-23, want -0x1.ec784dfb50c67p-23
 *   f64 0.8162 ULP at 0x1.42258f6e4a03ep-1:
 *       got 0x1.d9c42ee8a83fep-2, want 0x1.d9c42ee8a83ffp-2
 */
#include "parts/rows.h"
#include "parts/tail.h"
#include "parts/tanh_argument.h"

#include "../coeffs/gelu_tanh_f32.h"

static inline vd gelu_tanh_f64(vd x) {
  const vd a = vd_min(vd_set(TANH_A_MAX), vd_abs(x));
  const vd_exponential e = vd_exp_minus_tanh_argument(a);
  const vd left = vd_scale(vd2_times(vd2_div(e.m, vd_one_plus(e)), a), e.n);
  return vd_copysign(vd_sub(vd_max(x, vd_set(0)), left), x);
}

/* gelu_tanh(-a) = -a * e / (1 + e), e = exp(-v(a)) */
static inline vf gelu_tanh_tail_f32(vf x) {
  const vf a = vf_min(vf_set(TANH_F32_MAX), vf_abs(x));
  const vf_scaled y = vf_times_logistic((vf2){a, vf_set(0)}, vf2_tanh_argument(a), 1);
  return vf_copysign(vf_value(y), x);
}

static inline vf gelu_tanh_f32(vf x) {
  /* max gives x where it is a zero, or NaN */
  return vf_minus(vf_max(vf_set(-0.0f), x), vf_rows(&gelu_tanh_rows, vf_abs(x)));
}

#define GF_HAS_TAIL
static inline mf gelu_tanh_in_tail_f32(vf x) { return vf_lt(x, vf_set(-gelu_tanh_rows.limit)); }
