/* glu_backward(dy, gate, up): both derivatives, times dy.
 *
 * dgate = sigmoid_backward(dy * up, gate) and dup = sigmoid(gate) * dy: the bits of those calls. */
#ifndef GF_MATH_GLU_BACKWARD_H
#define GF_MATH_GLU_BACKWARD_H

#include "parts/compound.h"
#include "sigmoid.h"
#include "sigmoid_backward.h"

DEFINE_GATE_BACKWARD(glu_backward, sigmoid)
DEFINE_GATE_BACKWARD_TAIL(glu_backward, sigmoid)
#define glu_backward_HAS_TAIL 1

#endif
