/* swish(x, beta) = x * sigmoid(z) with z = beta * x.
 *
 * Reduction: with e = exp(-|z|), sigmoid(z) is 1 / (1 + e) for z > 0 and e / (1 + e) otherwise.
 * Method: z, e and the quotient are computed as two words (math/parts/tail.h), because the relative
 * error of a rounded z would be multiplied by |z|. On the left, e is multiplied by x before it is
 * rounded to a subnormal number. */
#ifndef GF_MATH_SWISH_H
#define GF_MATH_SWISH_H

#include "math/parts/tail.h"

/* |z| as two words, limited to EXP_GRAD_MAX */
static inline v2 v_swish_phase(v x, v beta) {
  const v2 z = v2_product(beta, x);
  const v size = v_abs(z.hi), most = v_set(EXP_GRAD_MAX);
  const v low = v_copysign(v_set(1), v_mul(z.hi, z.lo)); /* the sign of z.lo in |z| */
  const v_mask far = v_lt(most, size);
  return (v2){v_min(most, size), v_select(far, v_set(0), v_mul(v_abs(z.lo), low))};
}

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
  return v_copysign(v_fma(x, s.hi, v_mul(finite, s.lo)), x);
}

#define swish_HAS_TAIL 1
static inline v_mask v_swish_in_tail(v x, v beta) { return v_lt(v_mul(beta, x), v_set(MISH_TAIL)); }

#endif
