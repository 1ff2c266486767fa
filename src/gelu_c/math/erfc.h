/* erfc(x) = 1 - erf(x).
 *
 * Reduction: with z = |x|, erfc(z) for x >= 0 and 2 - erfc(z) for x < 0.
 * Saturation: 2 below -3.84 (float32), -5.87 (float64); 0 from 10.06, 27.23 up.
 * float64: erfc(z) = 2 * Phi(-sqrt(2) z) (parts/erfc_tail.h). float32: rows for z <= 3.6
 * (parts/rows.h), beyond that parts/tail.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at 0x1.c5cp-13:
 *       got 0x1p+0, want 0x1.ffdffff7a5deap-1
 *   f32 0.8292 ULP at 0x1.26c4dp+3:
 *       got 0x1.75ec28p-127, want 0x1.75ec2b5114f66p-127
 *   f64 2.6809 ULP at 0x1.950a21a3a9abep+4:
 *       got 0x1.f3163db62601bp-931, want 0x1.f3163db626018p-931
 */
#include "parts/erfc_tail.h"
#include "parts/rows.h"
#include "parts/tail.h"

#include "../coeffs/erfc_f32.h"

static inline vd erfc_f64(vd x) {
  const vd tail = vd_erfc_tail(vd_min(vd_set(ERFC_Z_MAX), vd_abs(x)));
  return vd_select(vd_lt(x, vd_set(0)), vd_sub(vd_set(2), tail), tail);
}

/* erfc(z) = p(1 / z^2) / z * exp(-z^2), on both sides: on the left, 2 is reached only at -3.83 */
static inline vf erfc_tail_f32(vf x) {
  const vf z = vf_min(vf_set(ERFC_F32_MAX), vf_abs(x));
  const vf2 inverse = vf2_inverse(z);
  const vf2 p = VF2_POLY(vf_mul(inverse.hi, inverse.hi), erfc_tail_p);
  const vf right = vf_value(vf_times_exp_minus(vf2_mul(p, inverse), vf2_square(z)));
  return vf_select(vf_lt(x, vf_set(0)), vf_sub(vf_set(2), right), right);
}

static inline vf erfc_f32(vf x) {
  return vf_reflect(vf_lt(x, vf_set(0)), vf_set(2), vf_rows(&erfc_rows, vf_abs(x)));
}

#define GF_HAS_TAIL
static inline mf erfc_in_tail_f32(vf x) { return vf_lt(vf_set(erfc_rows.limit), vf_abs(x)); }
