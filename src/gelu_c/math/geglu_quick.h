/* geglu_quick(gate, up) = gelu_quick(gate) * up: the bits of those two steps. */
#ifndef GF_MATH_GEGLU_QUICK_H
#define GF_MATH_GEGLU_QUICK_H

#include "gelu_quick.h"
#include "parts/compound.h"

DEFINE_GATE(geglu_quick, gelu_quick)
DEFINE_GATE_TAIL(geglu_quick, gelu_quick)
#define geglu_quick_HAS_TAIL 1

#endif
