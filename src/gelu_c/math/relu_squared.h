/* relu_squared(x) = max(x, 0)^2. One product, so correctly rounded.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_RELU_SQUARED_H
#define GF_MATH_RELU_SQUARED_H

#include "relu.h"

static inline v v_relu_squared(v x) { return v_mul(v_relu(x), v_relu(x)); }

#endif
