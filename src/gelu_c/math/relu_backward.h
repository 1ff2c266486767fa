/* relu_backward(dy, x) = dy * relu_grad(x). Exact.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_RELU_BACKWARD_H
#define GF_MATH_RELU_BACKWARD_H

#include "parts/step.h"

static inline v v_relu_backward(v dy, v x) { return v_mul(dy, v_step(x)); }

#endif
