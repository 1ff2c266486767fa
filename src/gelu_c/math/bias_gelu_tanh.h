/* bias_gelu_tanh(x, b) = gelu_tanh(x + b): the bits of those two steps. */
#ifndef GF_MATH_BIAS_GELU_TANH_H
#define GF_MATH_BIAS_GELU_TANH_H

#include "gelu_tanh.h"
#include "parts/compound.h"

DEFINE_BIAS(bias_gelu_tanh, gelu_tanh)
DEFINE_BIAS_TAIL(bias_gelu_tanh, gelu_tanh)
#define bias_gelu_tanh_HAS_TAIL 1

#endif
