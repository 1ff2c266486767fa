/* The inverse of Mills' ratio, which log_ndtr and its derivative need beyond their pieces:
 *
 *     h(a) = phi(a) / Phi(-a) = a + r(1 / a^2) / a,
 *
 * where phi and Phi are the standard normal density and distribution function. Nothing underflows
 * on the way to h(a), and phi(a) / h(a) is Phi(-a) down to the smallest number. */
#ifndef GF_INVERSE_MILLS_H
#define GF_INVERSE_MILLS_H

#include "math/parts/tail.h"

/* h(a) as two words; the second is NaN if a is infinity. */
static inline v2 v2_inverse_mills(v a) {
  const v inverse = v_div(v_set(1), v_min(v_set(0x1p60f), a)); /* r / a is negligible beyond */
  const v r = V_POLY(v_mul(inverse, inverse), inverse_mills_p);
  const v h = v_fma(r, inverse, a);
  return (v2){h, v_fma(r, inverse, v_sub(a, h))};
}

#endif
