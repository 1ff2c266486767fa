/* leaky_relu_backward(dy, x, negative_slope) = dy * leaky_relu_grad(x, negative_slope). The product
 * is rounded once. */
#ifndef GF_MATH_LEAKY_RELU_BACKWARD_H
#define GF_MATH_LEAKY_RELU_BACKWARD_H

#include "math/leaky_relu_grad.h"

static inline v v_leaky_relu_backward(v dy, v x, v negative_slope) {
  return v_mul(dy, v_leaky_relu_grad(x, negative_slope));
}

#define leaky_relu_backward_HAS_TAIL 0

#endif
