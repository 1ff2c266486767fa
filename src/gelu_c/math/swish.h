/* swish(x, beta) = x * sigmoid(z) with z = beta * x.
 *
 * Reduction: with e = exp(-|z|), sigmoid(z) is 1 / (1 + e) for z > 0 and e / (1 + e) otherwise.
 * Method: z, e and the quotient are computed as two words (math/parts/tail.h), because the relative
 * error of a rounded z would be multiplied by |z|. On the left, e is multiplied by x before it is
 * rounded to a subnormal number; a small x is made larger for the product with the quotient, whose
 * low word would not survive otherwise.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.fep-126, 0x1.16p+85 (avx2):
 *       got -0x1p-126, want -0x1.fdfffffffeec3p-127
 *   f16 0.5000 ULP at -0x1.8p-23, 0x1.798p-2 (avx2):
 *       got -0x1p-23, want -0x1.7fffff2ba8p-24
 *   f32 0.8761 ULP at 0x1.533ba4p-70, -0x1.d8db46p+74 (avx512):
 *       got 0x1.e00668p-127, want 0x1.e006647ee0788p-127
 *   f64 0.7682 ULP at 0x1.6a09e667f3906p+945, -0x1.e268d789d292ap-936 (avx2):
 *       got 0x0.8000000000026p-1022, want 0x0.8000000000025p-1022
 */
#ifndef GF_MATH_SWISH_H
#define GF_MATH_SWISH_H

#include "math/parts/swish_phase.h"

static inline v v_swish_tail(v x, v beta) {
  const v_near near = v_near_one(x);
  const v_scaled near_y = v_times_exp_minus(v2_of(near.number), v_swish_phase(x, beta));
  const v y = v_moved_value(near_y, near.moved);
  return v_select(v_lt(v_set(REAL_MAX), v_abs(x)), v_copysign(v_set(0), x), y);
}

static inline v v_swish(v x, v beta) {
  const v2 phase = v_swish_phase(x, beta);
  const v_exponential decay = v_exp_minus(phase);
  const v power = v_exp2i(v_max(decay.n, v_set(SHOWS_BESIDE_ONE)));
  const v2 e = {v_mul(decay.m.hi, power), v_mul(decay.m.lo, power)};
  const v2 sum = v2_sum(v_set(1), e.hi), d = {sum.hi, v_add(sum.lo, e.lo)};
  const v_mask right = v_lt(v_set(0), v_mul(beta, x));
  const v2 n = {v_select(right, v_set(1), e.hi), v_select(right, v_set(0), e.lo)};
  const v2 s = v2_div(n, d);
  const v finite = v_max(v_set(-REAL_MAX), v_min(v_set(REAL_MAX), x)); /* inf - inf is NaN */
  const v_mask small = v_lt(v_abs(x), v_set((real)0x1p-30));
  const v up = v_select(small, v_set((real)0x1p60), v_set(1));
  const v down = v_select(small, v_set((real)0x1p-60), v_set(1));
  const v y = v_fma(v_mul(x, up), s.hi, v_mul(v_mul(finite, up), s.lo));
  return v_copysign(v_mul(y, down), x);
}

#define swish_HAS_TAIL 1
static inline v_mask v_swish_in_tail(v x, v beta) { return v_lt(v_mul(beta, x), v_set(MISH_TAIL)); }

#endif
