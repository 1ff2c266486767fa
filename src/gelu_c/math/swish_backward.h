/* swish_backward(dy, x, beta) = silu_backward(dy, beta * x): the bits of those two steps. */
#ifndef GF_MATH_SWISH_BACKWARD_H
#define GF_MATH_SWISH_BACKWARD_H

#include "parts/compound.h"
#include "silu_backward.h"

DEFINE_SCALED_BACKWARD(swish_backward, silu)
DEFINE_SCALED_BACKWARD_TAIL(swish_backward, silu)
#define swish_backward_HAS_TAIL 1

#endif
