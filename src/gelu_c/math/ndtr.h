/* ndtr(x) = Phi(x) = (1 + erf(x / sqrt(2))) / 2, the standard normal distribution function.
 *
 * Reduction: with a = |x|, the result is Phi(-a) for x <= 0 and 1 - Phi(-a) for x > 0.
 * Saturation: it is 1 from 5.42 (float32), 8.30 (float64) up, and 0 below -14.17, -38.49.
 * Method: pieces for Phi(-a) (math/parts/piecewise.h); beyond their limit,
 * Phi(-a) = p(1 / a^2) / a * exp(-a^2 / 2) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at -0x1.16p+2 (avx512):
 *       got 0x1.d4p-18, want 0x1.d5fffebe3991ap-18
 *   f32 0.8739 ULP at -0x1.54931ep+2 (avx512):
 *       got 0x1.ba113cp-25, want 0x1.ba113a409066ep-25
 *   f64 1.2255 ULP at -0x1.5e1c733e4edadp+1 (avx512):
 *       got 0x1.98836dc801278p-9, want 0x1.98836dc801279p-9
 *   bf16 0.5000 ULP at 0x1.14p-1 (avx512):
 *       got 0x1.6ap-1, want 0x1.69000056e235bp-1
 */
#ifndef GF_MATH_NDTR_H
#define GF_MATH_NDTR_H

#include PIECES_OF(ndtr)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

static inline v v_ndtr_tail(v x) {
  const v a = v_min(v_set(NORMAL_MAX), v_abs(x));
  const v2 inverse = v2_inverse(a);
  const v2 p = V2_POLY(v_mul(inverse.hi, inverse.hi), normal_tail_p);
  return v_left_or_rest(x, v_value(v_times_exp_minus(v2_mul(p, inverse), v2_half_square(a))));
}

static inline v v_ndtr(v x) {
  return v_reflect_right(x, v_set(1), v_pieces(&ndtr_pieces, v_abs(x)));
}

#define ndtr_HAS_TAIL 1
#define ndtr_NEAR_ZERO CONSTANT
static inline v_mask v_ndtr_in_tail(v x) { return v_beyond(x, ndtr_pieces.limit, NDTR_SATURATES); }

#endif
