/* swiglu(gate, up) = silu(gate) * up: the bits of those two steps. */
#ifndef GF_MATH_SWIGLU_H
#define GF_MATH_SWIGLU_H

#include "parts/compound.h"
#include "silu.h"

DEFINE_GATE(swiglu, silu)
DEFINE_GATE_TAIL(swiglu, silu)
#define swiglu_HAS_TAIL 1

#endif
