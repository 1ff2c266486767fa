/* gelu_tanh_grad(x), the derivative of gelu_tanh (gelu_tanh.h): s + x * s * (1 - s) * v'(x), where
 * s = sigmoid(v(x)), v'(x) = 2 sqrt(2/pi) * (1 + 3 * 0.044715 x^2).
 *
 * Reduction: with a = |x|, e = exp(-v(a)) and l(a) = e * (1 + e - a * v'(a)) / (1 + e)^2 the result is
 * l(a) for x <= 0 and 1 - l(a) for x > 0. l is zero at a = 0.7524615..., and negative beyond.
 * Saturation: 1 from 5.47 (float32), 7.45 (float64) up; -0.0 below -10.89, -21.59.
 * float64: for a < 1.6 the bracket is (zero - a) * p(a - 0.8), the zero in two words; beyond it loses
 * no digits. float32: rows for a <= 4.7, one of them centred on the zero; beyond, parts/tail.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.e14p-11:
 *       got 0x1.008p-1, want 0x1.005ffed668ccfp-1
 *   f32 1.4417 ULP at -0x1.85e86ap-1:
 *       got -0x1.fbe632p-9, want -0x1.fbe634e226429p-9
 *   f64 3.2142 ULP at -0x1.09d4f9baf9597p+3:
 *       got -0x1.e9a678cca939ep-72, want -0x1.e9a678cca93a1p-72
 */
#include "../coeffs/gelu_tanh_grad_f64.h"
#include "parts/rows.h"
#include "parts/tail.h"
#include "parts/tanh_argument.h"

#include "../coeffs/gelu_tanh_grad_f32.h"

/* gelu_tanh_grad(-a) */
static inline vd_scaled gelu_tanh_grad_left_f64(vd x) {
  const vd a = vd_min(vd_set(TANH_GRAD_A_MAX), vd_abs(x));
  const vd_exponential e = vd_exp_minus_tanh_argument(a);
  const vd2 denominator = vd_one_plus(e);
  /* The bracket 1 + e - a*v'(a) crosses zero near 0.75: there as (zero - a) * p. */
  const vd near = vd_mul(vd_distance_to(gelu_tanh_grad_zero, a),
                         VD_POLY(vd_sub(a, vd_set(0.8)), gelu_tanh_grad_p));
  const vd slope = vd_fma(vd_set(3 * gelu_tanh_c3[0]), vd_mul(a, a), vd_set(gelu_tanh_c1[0]));
  const vd far = vd_add(vd_fnma(a, slope, denominator.hi), denominator.lo);
  const vd bracket = vd_select(vd_lt(a, vd_set(1.6)), near, far);
  const vd2 fraction = vd2_div(e.m, vd2_mul(denominator, denominator));
  return (vd_scaled){vd2_times(fraction, bracket), e.n};
}

static inline vd gelu_tanh_grad_f64(vd x) {
  const vd left = vd_value(gelu_tanh_grad_left_f64(x));
  return vd_select(vd_lt(vd_set(0), x), vd_sub(vd_set(1), left), left);
}

/* gelu_tanh_grad(-a) = (1 + e - a * v'(a)) * e / (1 + e)^2, e = exp(-v(a)), which does not show in
 * the bracket; a * v'(a) = v(a) + 2 * c3 * a^3 */
static inline vf_scaled gelu_tanh_grad_left_f32(vf x) {
  const vf a = vf_min(vf_set(TANH_GRAD_F32_MAX), vf_abs(x));
  const vf2 v = vf2_tanh_argument(a);
  const vf2 cube =
      vf2_mul(vf2_mul(vf2_square(a), (vf2){a, vf_set(0)}),
              (vf2){vf_set(-2 * gelu_tanh_c3_f32[0]), vf_set(-2 * gelu_tanh_c3_f32[1])});
  const vf2 bracket = vf2_add(cube, vf2_add((vf2){vf_sub(vf_set(0), v.hi), vf_sub(vf_set(0), v.lo)},
                                            (vf2){vf_set(1), vf_set(0)}));
  return vf_times_logistic(bracket, v, 2);
}

/* On both sides: on the right, 1 is reached only at 5.47. */
static inline vf gelu_tanh_grad_tail_f32(vf x) {
  const vf left = vf_value(gelu_tanh_grad_left_f32(x));
  return vf_select(vf_lt(vf_set(0), x), vf_sub(vf_set(1), left), left);
}

static inline vf gelu_tanh_grad_f32(vf x) {
  return vf_reflect(vf_lt(vf_set(0), x), vf_set(1), vf_rows(&gelu_tanh_grad_rows, vf_abs(x)));
}

#define GF_HAS_TAIL
static inline mf gelu_tanh_grad_in_tail_f32(vf x) {
  return vf_lt(vf_set(gelu_tanh_grad_rows.limit), vf_abs(x));
}
