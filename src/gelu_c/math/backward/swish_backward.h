/* swish_backward(dy, x, beta) = dy * swish_grad(x, beta).
 *
 * Method: as in swish_grad.h, with the low word of the gradient in the product;
 * math/parts/scaled_gradient.h computes the left tail. */
#ifndef GF_MATH_SWISH_BACKWARD_H
#define GF_MATH_SWISH_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/swish_grad.h"

static inline v v_swish_backward(v dy, v x, v beta) {
  const v2 gradient = v2_swish_grad(x, beta);
  const v finite = v_max(v_set(-REAL_MAX), v_min(v_set(REAL_MAX), dy)); /* inf - inf is NaN */
  return v_fma(dy, gradient.hi, v_mul(finite, gradient.lo));
}

static inline v v_swish_backward_tail(v dy, v x, v beta) {
  const v z = v_mul(beta, x);
  return v_select(v_is_near_silu_grad_zero(v_abs(z)), v_mul(dy, v_swish_grad_tail(x, beta)),
                  v_backward(dy, z, v_swish_grad_left(x, beta)));
}

#define swish_backward_HAS_TAIL 1
static inline v_mask v_swish_backward_in_tail(v dy, v x, v beta) {
  (void)dy;
  return v_swish_grad_in_tail(x, beta);
}

#endif
