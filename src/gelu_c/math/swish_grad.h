/* swish_grad(x, beta) = silu_grad(z) with z = beta * x, the derivative of swish by x.
 *
 * Reduction: as in silu_grad.h, with a = |z| as two words: next to the zero of the derivative and
 * in the tails, the rounding of z would cost digits.
 * Saturation: as silu_grad at z.
 * Method: the pieces of silu_grad, where the low word of a joins t (math/parts/piecewise.h);
 * beyond their limit on both sides, the formula of math/parts/silu_gradient.h. */
#ifndef GF_MATH_SWISH_GRAD_H
#define GF_MATH_SWISH_GRAD_H

#include "math/parts/swish_phase.h"
#include "math/silu_grad.h"

static inline v v_swish_grad(v x, v beta) {
  const v2 a = v_swish_phase(x, beta);
  return v_reflect(v_lt(v_set(0), v_mul(beta, x)), v_set(1),
                   v_pieces_at(&silu_grad_pieces, a.hi, a.lo));
}

/* silu_grad(-|z|) */
static inline v_scaled v_swish_grad_left(v x, v beta) {
  return v_silu_grad_of_minus(v_swish_phase(x, beta));
}

static inline v v_swish_grad_tail(v x, v beta) {
  return v_left_or_rest(v_mul(beta, x), v_value(v_swish_grad_left(x, beta)));
}

#define swish_grad_HAS_TAIL 1
static inline v_mask v_swish_grad_in_tail(v x, v beta) {
  return v_silu_grad_in_tail(v_mul(beta, x));
}

#endif
