/* leaky_relu(x, negative_slope) = x for x > 0, negative_slope * x otherwise. The product is rounded
 * once. */
#ifndef GF_MATH_LEAKY_RELU_H
#define GF_MATH_LEAKY_RELU_H

static inline v v_leaky_relu(v x, v negative_slope) {
  return v_select(v_lt(v_set(0), x), x, v_mul(x, negative_slope));
}

#define leaky_relu_HAS_TAIL 0

#endif
