/* bias_gelu(x, b) = gelu(x + b): the bits of those two steps. */
#ifndef GF_MATH_BIAS_GELU_H
#define GF_MATH_BIAS_GELU_H

#include "gelu.h"
#include "parts/compound.h"

DEFINE_BIAS(bias_gelu, gelu)
DEFINE_BIAS_TAIL(bias_gelu, gelu)
#define bias_gelu_HAS_TAIL 1

#endif
