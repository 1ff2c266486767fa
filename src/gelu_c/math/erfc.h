/* erfc(x) = 1 - erf(x).
 *
 * Reduction: with a = |x|, the result is erfc(a) for x >= 0 and 2 - erfc(a) for x < 0.
 * Saturation: it is 2 below -3.84 (float32), -5.87 (float64), and 0 from 10.06, 27.23 up.
 * Method: pieces (math/parts/piecewise.h); beyond their limit, on the left only if they end before
 * the saturation, erfc(a) = p(1 / a^2) / a * exp(-a^2) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at -0x1.c5cp-12 (avx512):
 *       got 0x1.004p+0, want 0x1.0020000840ff5p+0
 *   f32 0.8783 ULP at -0x1.9fc32ep-3 (avx512):
 *       got 0x1.39d8b4p+0, want 0x1.39d8b23e4b62cp+0
 *   f64 1.3733 ULP at 0x1.eaada2a32cf1cp+1 (avx512):
 *       got 0x1.fc4c75779a203p-25, want 0x1.fc4c75779a202p-25
 *   bf16 0.5000 ULP at 0x1.74p-2 (avx512):
 *       got 0x1.36p-1, want 0x1.36fffa505e993p-1
 */
#ifndef GF_MATH_ERFC_H
#define GF_MATH_ERFC_H

#include PIECES_OF(erfc)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

static inline v v_erfc_tail(v x) {
  const v a = v_min(v_set(ERFC_MAX), v_abs(x));
  const v2 inverse = v2_inverse(a);
  const v2 p = V2_POLY(v_mul(inverse.hi, inverse.hi), erfc_tail_p);
  const v right = v_value(v_times_exp_minus(v2_mul(p, inverse), v2_square(a)));
  return v_select(v_lt(x, v_set(0)), v_sub(v_set(2), right), right);
}

static inline v v_erfc(v x) {
  return v_reflect_left(x, v_set(2), v_pieces(&erfc_pieces, v_abs(x)));
}

#define erfc_HAS_TAIL 1
#define erfc_NEAR_ZERO CONSTANT
static inline v_mask v_erfc_in_tail(v x) {
  const real limit = erfc_pieces.limit;
  return v_lt(v_set(limit), limit < ERFC_SATURATES ? v_abs(x) : x);
}

#endif
