#include "parts/tanh_argument.h"
#include "parts/widen.h"

static inline vd gelu_tanh_f64(vd x) {
  const vd a = vd_min(vd_set(TANH_A_MAX), vd_abs(x));
  const vd_exponential e = vd_exp_minus_tanh_argument(a);
  const vd left = vd_scale(vd2_times(vd2_div(e.m, vd_one_plus(e)), a), e.n);
  return vd_copysign(vd_sub(vd_max(x, vd_set(0)), left), x);
}

static inline vf gelu_tanh_f32(vf x) { return vf_widen(x, gelu_tanh_f64); }
