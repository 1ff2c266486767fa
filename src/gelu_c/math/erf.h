/* erf(x) = 2/sqrt(pi) * integral of exp(-t^2) for t from 0 to x.
 *
 * Reduction: odd, z = |x|.
 * Saturation: 1 from 3.91 (float32), 5.93 (float64) up.
 * float64: z + z * p(z^2) for z < 0.875, else 1 - erfc(z) (parts/erfc_tail.h), which is below 0.22.
 * float32: rows up to 4.2; the first leaves a to the last, fused step.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5001 ULP at 0x1.848p-10:
 *       got 0x1.b68p-10, want 0x1.b65fff0c4d4f5p-10
 *   f32 0.8577 ULP at 0x1.65fec2p-6:
 *       got 0x1.93e3d8p-6, want 0x1.93e3d648e1189p-6
 *   f64 0.9066 ULP at -0x1.c91beddaf7513p-1:
 *       got -0x1.9626f9b97b5a6p-1, want -0x1.9626f9b97b5a5p-1
 */
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
  return vf_copysign(vf_collapse(vf_rows(&erf_rows, vf_abs(x))), x);
}
