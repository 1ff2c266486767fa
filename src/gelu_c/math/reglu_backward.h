/* reglu_backward(dy, gate, up): both derivatives, times dy.
 *
 * dgate = relu_backward(dy * up, gate) and dup = relu(gate) * dy: the bits of those calls. */
#ifndef GF_MATH_REGLU_BACKWARD_H
#define GF_MATH_REGLU_BACKWARD_H

#include "parts/compound.h"
#include "relu.h"
#include "relu_backward.h"

DEFINE_GATE_BACKWARD(reglu_backward, relu)

#endif
