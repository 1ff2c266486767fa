/* reglu(gate, up) = relu(gate) * up: the bits of those two steps. */
#ifndef GF_MATH_REGLU_H
#define GF_MATH_REGLU_H

#include "parts/compound.h"
#include "relu.h"

DEFINE_GATE(reglu, relu)

#endif
