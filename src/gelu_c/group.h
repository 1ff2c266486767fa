/* A group of kernels, all of one dtype, instruction set and kind of tables: what they share, included
 * once before all of them. build_core.py writes the files that are compiled:
 *
 *     #define GF_ISA avx512
 *     #define GF_DTYPE F32         or WIDENED: doubles, results of which will be rounded to 16 bits
 *     #define GF_REAL f32          computed in
 *     #define GF_TABLES f32        by these coefficients
 *     #include "group.h"
 *
 *     #define GF_FUNCTION gelu
 *     #define GF_NIN 1             inputs
 *     #define GF_NOUT 1            outputs
 *     #include "math/gelu.h"
 *     #include "kernel.h"
 *     ... and so on, for each function */
#ifndef GF_GROUP_H
#define GF_GROUP_H

#include <stdint.h>
#include <string.h>

#include "kernels.h"

/* The formatter would put spaces into the names. */
/* clang-format off */
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define ROWS_OF(function) TEXT(../coeffs/GF_CONCAT(function##_, GF_TABLES).h)
#define TAIL_TABLES TEXT(../../coeffs/GF_CONCAT(tail_, GF_REAL).h)
#include TEXT(simd/GF_CONCAT(GF_CONCAT(GF_ISA, _), GF_REAL).h)
/* clang-format on */

#include "words.h"

#include "math/parts/compiler.h"
#include "math/parts/two_results.h"
#include "memory.h"

enum { BLOCK = 1024 }; /* elements in a buffer: all buffers stay in the first-level cache */

#define KERNEL_OF(dtype) GF_CONCAT(gf_, OWN(GF_CONCAT(GF_CONCAT(dtype, _), GF_ISA)))
#define KERNEL KERNEL_OF(GF_DTYPE)
#define WIDENED_KERNEL KERNEL_OF(WIDENED)

#endif
