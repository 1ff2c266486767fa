/* The element type of a group, and the words of the vocabulary (simd/README.md) that read and write
 * it. They depend on GF_DTYPE, GF_REAL and GF_TABLES, which group.h explains. */
#ifndef GF_ELEMENTS_H
#define GF_ELEMENTS_H

#include <stdint.h>

#include "simd/compiler.h"

#define ELEMENT_F16 uint16_t
#define ELEMENT_BF16 uint16_t
#define ELEMENT_F32 float
#define ELEMENT_F64 double
#define ELEMENT_DOUBTED_F16 uint16_t
#define ELEMENT_DOUBTED_BF16 uint16_t
#define ELEMENT GF_CONCAT(ELEMENT_, GF_DTYPE)

/* 1 for the coefficients that are fitted for a 16-bit type (tools/fit/fit_half.py) */
#define TABLES_ARE_HALF_f16 1
#define TABLES_ARE_HALF_bf16 1
#define TABLES_ARE_HALF_f32 0
#define TABLES_ARE_HALF_f64 0
#define TABLES_ARE_HALF GF_CONCAT(TABLES_ARE_HALF_, GF_TABLES)

/* 1 if the results are rounded to 16 bits at the end. For a doubted one the float32 result counts,
 * because its bound decides what is in doubt. */
#define ENDS_AS_HALF_F16 1
#define ENDS_AS_HALF_BF16 1
#define ENDS_AS_HALF_DOUBTED_F16 0
#define ENDS_AS_HALF_DOUBTED_BF16 0
#define ENDS_AS_HALF_F32 0
#define ENDS_AS_HALF_F64 0
#define ENDS_AS_HALF GF_CONCAT(ENDS_AS_HALF_, GF_DTYPE)

/* The suffix of the words for a dtype; only the 16-bit types have one. */
#define SUFFIX_F16 _F16
#define SUFFIX_BF16 _BF16
#define SUFFIX_F32
#define SUFFIX_F64
#define SUFFIX_DOUBTED_F16 _F16
#define SUFFIX_DOUBTED_BF16 _BF16
#define WORD__(name, suffix) v_##name##suffix
#define WORD_(name, suffix) WORD__(name, suffix)
#define WORD(name) WORD_(name, GF_CONCAT(SUFFIX_, GF_DTYPE))

/* With the coefficients of a 16-bit type no result lies halfway between two of its numbers
 * (tools/fit/fit_half.py), and doubted results that do are computed again (doubt.h), so a faster
 * store to bfloat16 is correct. */
#define UNTIED_SUFFIX_F16 _F16
#define UNTIED_SUFFIX_BF16 _untied_BF16
#define UNTIED_SUFFIX_DOUBTED_F16 _F16
#define UNTIED_SUFFIX_DOUBTED_BF16 _untied_BF16
#define UNTIED_WORD(name) WORD_(name, GF_CONCAT(UNTIED_SUFFIX_, GF_DTYPE))

/* 1 for 16-bit results that are computed in float, and again in double if their rounding is in
 * doubt (doubt.h) */
#define IS_DOUBTED_F16 0
#define IS_DOUBTED_BF16 0
#define IS_DOUBTED_F32 0
#define IS_DOUBTED_F64 0
#define IS_DOUBTED_DOUBTED_F16 1
#define IS_DOUBTED_DOUBTED_BF16 1
#define IS_DOUBTED GF_CONCAT(IS_DOUBTED_, GF_DTYPE)

#define LOAD WORD(load)
#if TABLES_ARE_HALF || IS_DOUBTED
#define STORE UNTIED_WORD(store)
#define STREAM UNTIED_WORD(stream)
#else
#define STORE WORD(store)
#define STREAM WORD(stream)
#endif
#define PACK WORD(pack)
#define UNPACK WORD(unpack)
#define BITS WORD(bits)

#endif
