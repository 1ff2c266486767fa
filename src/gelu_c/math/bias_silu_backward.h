/* bias_silu_backward(dy, x, b) = silu_backward(dy, x + b): the bits of those two steps. */
#ifndef GF_MATH_BIAS_SILU_BACKWARD_H
#define GF_MATH_BIAS_SILU_BACKWARD_H

#include "parts/compound.h"
#include "silu_backward.h"

DEFINE_BIAS_BACKWARD(bias_silu_backward, silu)
DEFINE_BIAS_BACKWARD_TAIL(bias_silu_backward, silu)
#define bias_silu_backward_HAS_TAIL 1

#endif
