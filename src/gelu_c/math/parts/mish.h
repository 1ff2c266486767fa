/* tanh(softplus(x)) = e * (2 + e) / d, d = 2 + e * (2 + e), e = exp(x): what mish and its derivative
 * are made of. All in two words. */
#ifndef GF_MISH_H
#define GF_MISH_H

#include "tail.h"

typedef struct {
  v2 e, two_and_e, product, d; /* product: e * (2 + e) */
} v_mish_terms;

/* 2 + a for a >= 0. Exact but for an a so large that 2 does not show. */
static inline v2 v2_two_and(v2 a) {
  const v2 sum = v2_sum(v_set(2), a.hi);
  return (v2){sum.hi, v_add(sum.lo, a.lo)};
}

/* For x from MISH_TAIL to MISH_SATURATES: the low words of e are normal numbers, and d is finite. */
static inline v_mish_terms v_mish_terms_of(v x) {
  const v_exponential exponential = v_exp(v2_of(x));
  const v power = v_exp2i(exponential.n);
  const v2 e = {v_mul(exponential.m.hi, power), v_mul(exponential.m.lo, power)};
  const v2 two_and_e = v2_two_and(e), product = v2_mul(e, two_and_e);
  return (v_mish_terms){e, two_and_e, product, v2_two_and(product)};
}

#endif
