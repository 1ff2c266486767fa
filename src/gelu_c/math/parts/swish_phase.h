/* The argument beta * x of swish and of its derivative, as two words */
#ifndef GF_SWISH_PHASE_H
#define GF_SWISH_PHASE_H

#include "math/parts/tail.h"

/* |beta * x| as two words, limited to EXP_GRAD_MAX */
static inline v2 v_swish_phase(v x, v beta) {
  const v2 z = v2_product(beta, x);
  const v size = v_abs(z.hi), most = v_set(EXP_GRAD_MAX);
  const v low = v_copysign(v_set(1), v_mul(z.hi, z.lo)); /* the sign of z.lo in |z| */
  const v_mask far = v_lt(most, size);
  return (v2){v_min(most, size), v_select(far, v_set(0), v_mul(v_abs(z.lo), low))};
}

#endif
