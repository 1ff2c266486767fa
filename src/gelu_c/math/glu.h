/* glu(gate, up) = sigmoid(gate) * up: the bits of those two steps. */
#ifndef GF_MATH_GLU_H
#define GF_MATH_GLU_H

#include "parts/compound.h"
#include "sigmoid.h"

DEFINE_GATE(glu, sigmoid)
DEFINE_GATE_TAIL(glu, sigmoid)
#define glu_HAS_TAIL 1

#endif
