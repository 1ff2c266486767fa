/* swish_grad(x, beta) = silu_grad(beta * x): the bits of those two steps. */
#ifndef GF_MATH_SWISH_GRAD_H
#define GF_MATH_SWISH_GRAD_H

#include "parts/compound.h"
#include "silu_grad.h"

DEFINE_SCALED(swish_grad, silu_grad)
DEFINE_SCALED_TAIL(swish_grad, silu_grad)
#define swish_grad_HAS_TAIL 1

#endif
