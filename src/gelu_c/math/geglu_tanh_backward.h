/* geglu_tanh_backward(dy, gate, up): both derivatives, times dy.
 *
 * dgate = gelu_tanh_backward(dy * up, gate) and dup = gelu_tanh(gate) * dy: the bits of those calls. */
#ifndef GF_MATH_GEGLU_TANH_BACKWARD_H
#define GF_MATH_GEGLU_TANH_BACKWARD_H

#include "gelu_tanh.h"
#include "gelu_tanh_backward.h"
#include "parts/compound.h"

DEFINE_GATE_BACKWARD(geglu_tanh_backward, gelu_tanh)
DEFINE_GATE_BACKWARD_TAIL(geglu_tanh_backward, gelu_tanh)
#define geglu_tanh_backward_HAS_TAIL 1

#endif
