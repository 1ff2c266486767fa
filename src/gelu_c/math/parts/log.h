/* The logarithm of normal numbers. Its error is about 2^-24 in float and 2^-53 in double, times the
 * larger of 1 and the logarithm. */
#ifndef GF_LOG_H
#define GF_LOG_H

#include "math/parts/tail.h"

/* y = sqrt(2) * 2^n * (1 + s) / (1 - s), abs(s) <= 0.172, log((1 + s) / (1 - s)) = s * p(s^2) */
static inline v v_log(v y) {
  const v sqrt2 = v_set((real)0x1.6a09e667f3bcdp0), ln2 = v_set((real)0x1.62e42fefa39efp-1);
  const v n = v_exponent(y), m = v_mul(y, v_exp2i(v_sub(v_set(0), n)));
  const v s = v_div(v_sub(m, sqrt2), v_add(m, sqrt2));
  return v_fma(v_add(n, v_set(0.5f)), ln2, v_mul(s, V_POLY(v_mul(s, s), log_p)));
}

#endif
