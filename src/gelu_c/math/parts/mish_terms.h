/* The terms of tanh(softplus(x)) = e * (2 + e) / d, where e = exp(x) and d = 2 + e * (2 + e). */
#ifndef GF_MISH_TERMS_H
#define GF_MISH_TERMS_H

#include "math/parts/tail.h"

typedef struct {
  v2 e, two_and_e, product, d; /* product: e * (2 + e) */
} v_mish_terms;

/* c + a for a >= 0, if c is larger than half an ULP of a */
static inline v2 v2_constant_and(real c, v2 a) {
  const v2 sum = v2_sum(v_set(c), a.hi);
  return (v2){sum.hi, v_add(sum.lo, a.lo)};
}

/* For x from MISH_TAIL to MISH_SATURATES, where the low words are normal numbers. */
static inline v_mish_terms v_mish_terms_of(v x) {
  const v_exponential exponential = v_exp(v2_of(x));
  const v power = v_exp2i(exponential.n);
  const v2 e = {v_mul(exponential.m.hi, power), v_mul(exponential.m.lo, power)};
  const v2 two_and_e = v2_constant_and(2, e), product = v2_mul(e, two_and_e);
  const v2 d = v2_sum_of_any(v_set(2), product.hi);
  return (v_mish_terms){e, two_and_e, product, {d.hi, v_add(d.lo, product.lo)}};
}

#endif
