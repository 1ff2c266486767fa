/* A vector of one register. */
#ifndef GF_SINGLE_H
#define GF_SINGLE_H

#ifndef reg_mul_in_order
#define reg_mul_in_order reg_mul
#endif

enum { V_LANES = REG_LANES };
typedef reg v;
typedef reg_mask v_mask;
typedef reg_piece v_piece;

#define v_set reg_set
#define v_load reg_load
#define v_store reg_store
#define v_stream reg_stream
#define v_load_F16 reg_load_F16
#define v_store_F16 reg_store_F16
#define v_stream_F16 reg_stream_F16
#define v_load_BF16 reg_load_BF16
#define v_store_BF16 reg_store_BF16
#define v_stream_BF16 reg_stream_BF16
#define v_store_untied_BF16 reg_store_untied_BF16
#define v_stream_untied_BF16 reg_stream_untied_BF16
#define v_near_tie_F16 reg_near_tie_F16
#define v_near_tie_BF16 reg_near_tie_BF16
#define v_add reg_add
#define v_sub reg_sub
#define v_mul reg_mul
#define v_mul_in_order reg_mul_in_order
#define v_div reg_div
#define v_fma reg_fma
#define v_fnma reg_fnma
#define v_min reg_min
#define v_max reg_max
#define v_abs reg_abs
#define v_min_abs(x, y) reg_min(y, reg_abs(x))
#define v_copysign reg_copysign
#define v_round reg_round
#define v_exponent reg_exponent
#define v_exp2i reg_exp2i
#define v_scale reg_scale
#define v_lt reg_lt
#define v_differ(x, y) reg_differ(x, y, x, y)
#define v_or reg_or
#define v_select reg_select
#ifdef V_SELECTS_BY_SIGN
#define v_negative(x) (x)
#else
#define v_negative(x) v_lt(x, v_set(0))
#endif
#define v_any(m) reg_any(m, m)
#define v_bits reg_bits
#define v_piece_of reg_piece_of
#define v_lookup reg_lookup
#define v_low_half reg_low_half
#define v_lookup_row reg_lookup_row

#endif
