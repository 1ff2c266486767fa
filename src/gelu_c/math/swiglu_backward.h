/* swiglu_backward(dy, gate, up): both derivatives, times dy.
 *
 * dgate = silu_backward(dy * up, gate) and dup = silu(gate) * dy: the bits of those calls. */
#ifndef GF_MATH_SWIGLU_BACKWARD_H
#define GF_MATH_SWIGLU_BACKWARD_H

#include "parts/compound.h"
#include "silu.h"
#include "silu_backward.h"

DEFINE_GATE_BACKWARD(swiglu_backward, silu)
DEFINE_GATE_BACKWARD_TAIL(swiglu_backward, silu)
#define swiglu_backward_HAS_TAIL 1

#endif
