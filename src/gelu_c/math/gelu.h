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
  const vf y = vf_times_exp_minus(VF2_POLY(v, normal_tail_p), vf2_half_square(a));
  return vf_copysign(y, x);
}

static inline vf gelu_f32(vf x) {
  const vf left = vf_rows(&gelu_rows, vf_abs(x));
  const vf y = vf_copysign(vf_sub(vf_max(x, vf_set(0)), left), x);
  return vf_rare(x, y, vf_lt(x, vf_set(-gelu_rows.limit)), gelu_tail_f32);
}
