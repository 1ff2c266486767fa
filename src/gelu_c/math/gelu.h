/* gelu(x) = x * Phi(x), Phi the standard normal distribution function.
 *
 * Reduction: gelu(x) = max(x, 0) - h(a), a = |x|, h(a) = a * Phi(-a), with the sign of x, which gives
 * -0.0 at -0.0 and -inf. For x > 0 the subtraction is from an exact number; for x < 0 it is none.
 * Saturation: x from 5.35 (float32), 8.22 (float64) up; -0.0 below -14.36, -38.58: the product a * Phi
 * is formed before it is scaled into the subnormal range.
 * float64: h = a * w(t) / (a + 4) * exp(-a^2/2) in two words (parts/normal.h, parts/exp.h).
 * float32: h by rows for a <= 5.4 (parts/rows.h), below that parts/tail.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.5fp-10:
 *       got 0x1.5f8p-11, want 0x1.5f5fff095eabap-11
 *   f32 0.9670 ULP at 0x1.35323ep-2:
 *       got 0x1.7e924cp-3, want 0x1.7e924a10ea70dp-3
 *   f64 2.6684 ULP at -0x1.13daa3f76d95bp+5:
 *       got -0x1.fee404a0832fbp-860, want -0x1.fee404a0832f8p-860
 */
#include "parts/exp.h"
#include "parts/normal.h"
#include "parts/rows.h"
#include "parts/tail.h"

#include "../coeffs/gelu_f32.h"

static inline vd gelu_f64(vd x) {
  const vd a = vd_min(vd_set(NORMAL_A_MAX), vd_abs(x));
  const vd_exponential e = vd_exp_minus_half_square(a);
  const vd left = vd_scale(vd2_times(vd2_mul(vd_mills(a), e.m), a), e.n);
  return vd_copysign(vd_sub(vd_max(x, vd_set(0)), left), x);
}

/* gelu(-a) = -p(1 / a^2) * exp(-a^2 / 2) */
static inline vf gelu_tail_f32(vf x) {
  const vf a = vf_min(vf_set(NORMAL_F32_MAX), vf_abs(x));
  const vf v = vf_div(vf_set(1), vf_mul(a, a));
  const vf_scaled y = vf_times_exp_minus(VF2_POLY(v, normal_tail_p), vf2_half_square(a));
  return vf_copysign(vf_value(y), x);
}

static inline vf gelu_f32(vf x) {
  /* max gives x where it is a zero, or NaN */
  return vf_minus(vf_max(vf_set(-0.0f), x), vf_rows(&gelu_rows, vf_abs(x)));
}

#define GF_HAS_TAIL
static inline mf gelu_in_tail_f32(vf x) { return vf_lt(x, vf_set(-gelu_rows.limit)); }
