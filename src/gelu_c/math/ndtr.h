#include "parts/exp.h"
#include "parts/normal.h"
#include "parts/widen.h"

static inline vd ndtr_f64(vd x) {
  const vd a = vd_min(vd_set(NORMAL_A_MAX), vd_abs(x));
  const vd_exponential e = vd_exp_minus_half_square(a);
  const vd left = vd_scale(vd2_times(vd2_mul(vd_mills(a), e.m), vd_set(1)), e.n);
  return vd_select(vd_lt(vd_set(0), x), vd_sub(vd_set(1), left), left);
}

static inline vf ndtr_f32(vf x) { return vf_widen(x, ndtr_f64); }
