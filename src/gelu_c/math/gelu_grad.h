/* gelu_grad(x) = Phi(x) + x * phi(x), the derivative of gelu; phi the standard normal density.
 *
 * Reduction: gelu_grad(x) + gelu_grad(-x) = 1, so with a = |x| and l(a) = gelu_grad(-a) the result is
 * l(a) for x <= 0 and 1 - l(a) for x > 0. l is zero at a = 0.7517915..., and negative beyond.
 * Saturation: 1 from 5.92 (float32), 8.72 (float64) up; -0.0 below -14.54, -38.67.
 * float64: l(a) = (zero - a) * s(t) * exp(-a^2/2), the zero in two words: one polynomial, relative
 * accuracy through the zero included. float32: rows for a <= 5, one of them centred on the zero;
 * beyond, parts/tail.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.e14p-11:
 *       got 0x1.008p-1, want 0x1.005ffed66b0a1p-1
 *   f32 1.3385 ULP at -0x1.7c51c2p-1:
 *       got 0x1.ffff4ap-9, want 0x1.ffff4752b5a73p-9
 *   f64 1.6775 ULP at -0x1.80ead195e42f3p-1:
 *       got 0x1.c415a3aba41bfp-34, want 0x1.c415a3aba41c1p-34
 */
#include "../coeffs/gelu_grad_f64.h"
#include "parts/exp.h"
#include "parts/normal.h"
#include "parts/rows.h"
#include "parts/tail.h"

#include "../coeffs/gelu_grad_f32.h"

/* gelu_grad(-a) */
static inline vd_scaled gelu_grad_left_f64(vd x) {
  const vd a = vd_min(vd_set(NORMAL_GRAD_A_MAX), vd_abs(x));
  const vd2 slope = VD2_POLY(vd_normal_t(a).t, gelu_grad_s);
  const vd_exponential e = vd_exp_minus_half_square(a);
  return (vd_scaled){vd2_times(vd2_mul(slope, e.m), vd_distance_to(gelu_grad_zero, a)), e.n};
}

static inline vd gelu_grad_f64(vd x) {
  const vd left = vd_value(gelu_grad_left_f64(x));
  return vd_select(vd_lt(vd_set(0), x), vd_sub(vd_set(1), left), left);
}

/* gelu_grad(-a) = -a * p(1 / a^2) * exp(-a^2 / 2) */
static inline vf_scaled gelu_grad_left_f32(vf x) {
  const vf a = vf_min(vf_set(NORMAL_GRAD_F32_MAX), vf_abs(x));
  const vf2 p = VF2_POLY(vf_div(vf_set(1), vf_mul(a, a)), gelu_grad_tail_p);
  const vf2 minus_a = {vf_mul(a, vf_set(-1)), vf_set(0)};
  return vf_times_exp_minus(vf2_mul(p, minus_a), vf2_half_square(a));
}

/* On both sides: on the right, 1 is reached only at 5.92. */
static inline vf gelu_grad_tail_f32(vf x) {
  const vf left = vf_value(gelu_grad_left_f32(x));
  return vf_select(vf_lt(vf_set(0), x), vf_sub(vf_set(1), left), left);
}

static inline vf gelu_grad_f32(vf x) {
  return vf_reflect(vf_lt(vf_set(0), x), vf_set(1), vf_rows(&gelu_grad_rows, vf_abs(x)));
}

#define GF_HAS_TAIL
static inline mf gelu_grad_in_tail_f32(vf x) {
  return vf_lt(vf_set(gelu_grad_rows.limit), vf_abs(x));
}
