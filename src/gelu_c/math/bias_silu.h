/* bias_silu(x, b) = silu(x + b): the bits of those two steps. */
#ifndef GF_MATH_BIAS_SILU_H
#define GF_MATH_BIAS_SILU_H

#include "parts/compound.h"
#include "silu.h"

DEFINE_BIAS(bias_silu, silu)
DEFINE_BIAS_TAIL(bias_silu, silu)
#define bias_silu_HAS_TAIL 1

#endif
