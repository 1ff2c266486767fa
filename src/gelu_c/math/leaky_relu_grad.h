/* leaky_relu_grad(x, negative_slope) = 1 for x > 0, negative_slope otherwise. This is exact. */
#ifndef GF_MATH_LEAKY_RELU_GRAD_H
#define GF_MATH_LEAKY_RELU_GRAD_H

#include "math/parts/ranges.h"

static inline v v_leaky_relu_grad(v x, v negative_slope) {
  const v right = v_select(v_lt(v_set(0), x), v_set(1), x); /* x if x is NaN */
  return v_select(v_lt(x, v_set(REAL_MIN * REAL_EPSILON)), negative_slope, right);
}

#define leaky_relu_grad_HAS_TAIL 0

#endif
