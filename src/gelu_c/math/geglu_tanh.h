/* geglu_tanh(gate, up) = gelu_tanh(gate) * up: the bits of those two steps. */
#ifndef GF_MATH_GEGLU_TANH_H
#define GF_MATH_GEGLU_TANH_H

#include "gelu_tanh.h"
#include "parts/compound.h"

DEFINE_GATE(geglu_tanh, gelu_tanh)
DEFINE_GATE_TAIL(geglu_tanh, gelu_tanh)
#define geglu_tanh_HAS_TAIL 1

#endif
