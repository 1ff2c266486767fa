/* silu_grad(-u) = e * (1 + e - u) / (1 + e)^2 with e = exp(-u), for u beyond the pieces */
#ifndef GF_SILU_GRADIENT_H
#define GF_SILU_GRADIENT_H

#include "math/parts/tail.h"

static inline v_scaled v_silu_grad_of_minus(v2 u) {
  const v_exponential e = v_exp_minus(u);
  const v2 minus_u = {v_sub(v_set(0), u.hi), v_sub(v_set(0), u.lo)};
  const v2 one_and_e = {v_set(1), v_beside_one(e.m.hi, e.n)};
  return v_times_logistic(v2_add(minus_u, one_and_e), e, 2);
}

#endif
