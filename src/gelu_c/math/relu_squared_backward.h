/* relu_squared_backward(dy, x) = dy * 2 * max(x, 0). The factor 2 goes to the smaller side of 2, where it
 * cannot overflow unless the result does: then one product is all that rounds.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_RELU_SQUARED_BACKWARD_H
#define GF_MATH_RELU_SQUARED_BACKWARD_H

#include "relu.h"

static inline v v_relu_squared_backward(v dy, v x) {
  const v m = v_relu(x);
  const v_mask small = v_lt(m, v_set(2));
  return v_mul(v_select(small, dy, v_add(dy, dy)), v_select(small, v_add(m, m), m));
}

#endif
