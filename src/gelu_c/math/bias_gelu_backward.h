/* bias_gelu_backward(dy, x, b) = gelu_backward(dy, x + b): the bits of those two steps. */
#ifndef GF_MATH_BIAS_GELU_BACKWARD_H
#define GF_MATH_BIAS_GELU_BACKWARD_H

#include "gelu_backward.h"
#include "parts/compound.h"

DEFINE_BIAS_BACKWARD(bias_gelu_backward, gelu)
DEFINE_BIAS_BACKWARD_TAIL(bias_gelu_backward, gelu)
#define bias_gelu_backward_HAS_TAIL 1

#endif
