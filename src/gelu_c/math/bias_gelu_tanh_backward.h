/* bias_gelu_tanh_backward(dy, x, b) = gelu_tanh_backward(dy, x + b): the bits of those two steps. */
#ifndef GF_MATH_BIAS_GELU_TANH_BACKWARD_H
#define GF_MATH_BIAS_GELU_TANH_BACKWARD_H

#include "gelu_tanh_backward.h"
#include "parts/compound.h"

DEFINE_BIAS_BACKWARD(bias_gelu_tanh_backward, gelu_tanh)
DEFINE_BIAS_BACKWARD_TAIL(bias_gelu_tanh_backward, gelu_tanh)
#define bias_gelu_tanh_backward_HAS_TAIL 1

#endif
