#include "../coeffs/erf_f64.h"
#include "parts/erfc_tail.h"
#include "parts/rows.h"

#include "../coeffs/erf_f32.h"

static inline vd erf_f64(vd x) {
  const vd z = vd_min(vd_set(ERFC_Z_MAX), vd_abs(x));
  const vd small = vd_fma(z, VD_POLY(vd_mul(z, z), erf_p), z);
  const vd large = vd_sub(vd_set(1), vd_erfc_tail(z));
  return vd_copysign(vd_select(vd_lt(z, vd_set(0.875)), small, large), x);
}

static inline vf erf_f32(vf x) {
  return vf_copysign(vf_rows_and_slope(&erf_rows, erf_slopes, vf_abs(x)), x);
}
