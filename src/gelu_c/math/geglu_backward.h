/* geglu_backward(dy, gate, up): both derivatives, times dy.
 *
 * dgate = gelu_backward(dy * up, gate) and dup = gelu(gate) * dy: the bits of those calls. */
#ifndef GF_MATH_GEGLU_BACKWARD_H
#define GF_MATH_GEGLU_BACKWARD_H

#include "gelu.h"
#include "gelu_backward.h"
#include "parts/compound.h"

DEFINE_GATE_BACKWARD(geglu_backward, gelu)
DEFINE_GATE_BACKWARD_TAIL(geglu_backward, gelu)
#define geglu_backward_HAS_TAIL 1

#endif
