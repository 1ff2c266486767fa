/* geglu_quick_backward(dy, gate, up): both derivatives, times dy.
 *
 * dgate = gelu_quick_backward(dy * up, gate) and dup = gelu_quick(gate) * dy: the bits of those calls. */
#ifndef GF_MATH_GEGLU_QUICK_BACKWARD_H
#define GF_MATH_GEGLU_QUICK_BACKWARD_H

#include "gelu_quick.h"
#include "gelu_quick_backward.h"
#include "parts/compound.h"

DEFINE_GATE_BACKWARD(geglu_quick_backward, gelu_quick)
DEFINE_GATE_BACKWARD_TAIL(geglu_quick_backward, gelu_quick)
#define geglu_quick_backward_HAS_TAIL 1

#endif
