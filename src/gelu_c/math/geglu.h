/* geglu(gate, up) = gelu(gate) * up: the bits of those two steps. */
#ifndef GF_MATH_GEGLU_H
#define GF_MATH_GEGLU_H

#include "gelu.h"
#include "parts/compound.h"

DEFINE_GATE(geglu, gelu)
DEFINE_GATE_TAIL(geglu, gelu)
#define geglu_HAS_TAIL 1

#endif
