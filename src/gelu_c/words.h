/* What the vocabulary's words (simd/README.md) are for a dtype: GF_DTYPE, GF_REAL and GF_TABLES, as
 * group.h explains. */
#ifndef GF_WORDS_H
#define GF_WORDS_H

#include <stdint.h>

#include "names.h"

#define ELEMENT_F16 uint16_t
#define ELEMENT_BF16 uint16_t
#define ELEMENT_F32 float
#define ELEMENT_F64 double
#define ELEMENT_WIDENED double
#define ELEMENT GF_CONCAT(ELEMENT_, GF_DTYPE)

/* 16-bit numbers by rows of their own (tools/fit_half.py) */
#define TABLES_ARE_HALF_f16 1
#define TABLES_ARE_HALF_bf16 1
#define TABLES_ARE_HALF GF_CONCAT(TABLES_ARE_HALF_, GF_TABLES)

/* Results are rounded to 16 bits at the end */
#define ENDS_AS_HALF_F16 1
#define ENDS_AS_HALF_BF16 1
#define ENDS_AS_HALF_WIDENED 1
#define ENDS_AS_HALF GF_CONCAT(ENDS_AS_HALF_, GF_DTYPE)

/* The words for memory, by dtype; the others have no suffix. */
#define WORD(name) GF_CONCAT(GF_CONCAT(v_, name##_), GF_DTYPE)
#define v_load_F32 v_load
#define v_load_F64 v_load
#define v_load_WIDENED v_load
#define v_store_F32 v_store
#define v_store_F64 v_store
#define v_store_WIDENED v_store
#define v_stream_F32 v_stream
#define v_stream_F64 v_stream
#define v_stream_WIDENED v_stream
#define v_pack_F32 v_pack
#define v_pack_F64 v_pack
#define v_pack_WIDENED v_pack
#define v_unpack_F32 v_unpack
#define v_unpack_F64 v_unpack
#define v_unpack_WIDENED v_unpack
#define v_bits_F32 v_bits
#define v_bits_F64 v_bits
#define v_bits_WIDENED v_bits
#define LOAD WORD(load)
#if TABLES_ARE_HALF /* no result by rows lies halfway between two numbers (tools/fit_half.py) */
#define v_store_untied_F16 v_store_F16
#define v_stream_untied_F16 v_stream_F16
#define STORE WORD(store_untied)
#define STREAM WORD(stream_untied)
#else
#define STORE WORD(store)
#define STREAM WORD(stream)
#endif
#define PACK WORD(pack)
#define UNPACK WORD(unpack)
#define BITS WORD(bits)

/* What is defined for each function, under the function's own name. */
#define OWN(name) GF_CONCAT(GF_CONCAT(GF_FUNCTION, _), name)

#endif
