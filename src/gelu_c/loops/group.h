/* A group is the kernels that one C file compiles: they have the instruction set, the dtype, the
 * type that they compute in and the type of their coefficients in common. generate.py writes the
 * file of a group, kernels_avx512_F32_f32_f32.c for example, into the build folder:
 *
 *     #define GF_ISA avx512
 *     #define GF_DTYPE F32         or DOUBTED_F16, DOUBTED_BF16 (doubt.h)
 *     #define GF_REAL f32          the type that the kernels compute in
 *     #define GF_TABLES f32        the coefficients that they use: coeffs/gelu_f32.h
 *     #include "loops/group.h"
 *     #include "loops/kernels.h"
 *
 *     #include "functions/gelu.h"
 *     KERNEL_WITH_TAIL(gf_gelu_F32_avx512, gelu, 1, 1)
 *     ... and so on, for each function */
#ifndef GF_GROUP_H
#define GF_GROUP_H

#include <stdint.h>
#include <string.h>

#include "runtime/kernel.h"
#include "simd/compiler.h"

/* clang-format would put spaces into the names. */
/* clang-format off */
#define PIECES_OF(function) GF_TEXT(coeffs/GF_CONCAT(function##_, GF_TABLES).h)
#define TAIL_TABLES GF_TEXT(coeffs/GF_CONCAT(tail_, GF_REAL).h)
#include GF_TEXT(simd/GF_CONCAT(GF_CONCAT(GF_ISA, _), GF_REAL).h)
/* clang-format on */

#include "loops/elements.h"

#endif
