#include "parts/exp.h"
#include "parts/rows.h"

#include "../coeffs/sigmoid_f32.h"

static inline vd sigmoid_f64(vd x) {
  const vd a = vd_min(vd_set(800), vd_abs(x));
  const vd_exponential e = vd_exp(vd_sub(vd_set(0), a), vd_set(0));
  const md left = vd_lt(x, vd_set(0));
  const vd2 numerator = {vd_select(left, e.m.hi, vd_set(1)), vd_select(left, e.m.lo, vd_set(0))};
  const vd quotient = vd2_times(vd2_div(numerator, vd_one_plus(e)), vd_set(1));
  return vd_select(left, vd_scale(quotient, e.n), quotient);
}

static inline vf sigmoid_f32(vf x) {
  const vf left = vf_rows(&sigmoid_rows, vf_abs(x));
  const vf y = vf_select(vf_lt(vf_set(0), x), vf_sub(vf_set(1), left), left);
  return vf_rare(x, y, vf_lt(x, vf_set(-sigmoid_rows.limit)), sigmoid_f64);
}
