/* The words that scalar_f32.h and cuda_f32.h have in common: one float at a time, without
 * instructions of a processor. They use the arithmetic that those files define. */
#ifndef GF_ONE_LANE_F32_H
#define GF_ONE_LANE_F32_H

#include "one_lane_memory.h"

static inline uint32_t bits_of(reg x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
static inline reg from_bits(uint32_t bits) {
  reg x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* float16 to float; a NaN becomes quiet */
static inline reg float_of_half(uint16_t half) {
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7fff;
  if (rest >= 0x7c00)
    return from_bits(sign | 0x7f800000 | rest << 13 | (rest > 0x7c00 ? 0x400000 : 0));
  /* The bits, moved to their place in a float, are the value times 2^-112. The product is exact. */
  const reg magnitude = reg_mul(from_bits(rest << 13), 0x1p112f);
  return from_bits(sign | bits_of(magnitude));
}
static inline uint32_t half_of_float(reg x) {
  const uint32_t bits = bits_of(x), rest = bits & 0x7fffffff;
  uint32_t half;
  if (rest > 0x7f800000) /* NaN */
    half = 0x7e00 | ((rest >> 13) & 0x3ff);
  else if (rest >= 0x47800000) /* 65536 and more */
    half = 0x7c00;
  else if (rest < 0x38800000) /* subnormal: a sum with 1/2 is rounded to a multiple of 2^-24 */
    half = bits_of(reg_add(from_bits(rest), 0.5f)) - 0x3f000000;
  else /* ties to even; a carry into the exponent is right */
    half = (rest - 0x38000000 + 0xfff + ((rest >> 13) & 1)) >> 13;
  return half | (bits >> 16 & 0x8000);
}

static inline reg reg_load_BF16(const uint16_t *p) {
  return from_bits((uint32_t)half_load(p) << 16);
}
/* Rounding adds half an ULP, or one unit less if the upper 16 bits are even, and cuts the lower 16
 * bits off. No carry changes a NaN: the lower 16 bits of NaN inputs are 0. */
static inline void reg_store_BF16(uint16_t *p, reg x) {
  const uint32_t bits = bits_of(x);
  half_store(p, (bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
/* If no number lies halfway, adding half an ULP is enough. */
static inline void reg_store_untied_BF16(uint16_t *p, reg x) {
  half_store(p, (bits_of(x) + 0x8000) >> 16);
}
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16
#define reg_stream_untied_BF16 reg_store_untied_BF16

/* The bits below those of the 16-bit type, minus half an ULP plus `ulps`, are less than
 * 2 (ulps + 1). */
static inline reg_mask reg_near_half(reg x, int bits, int ulps) {
  const uint32_t distance = bits_of(x) + (uint32_t)ulps - (1u << (bits - 1));
  return (distance & ((1u << bits) - 1)) < 2 * (uint32_t)ulps + 2;
}
static inline reg_mask reg_near_tie_BF16(reg x, int ulps) { return reg_near_half(x, 16, ulps); }
static inline reg_mask reg_near_tie_F16(reg x, int ulps) {
  const reg size = from_bits(bits_of(x) & 0x7fffffff), least = 0x1p-14f;
  return reg_near_half(reg_lt(size, least) ? reg_add(size, least) : size, 13, ulps);
}

static inline reg reg_abs(reg x) { return from_bits(bits_of(x) & 0x7fffffff); }
static inline reg reg_copysign(reg x, reg s) {
  return from_bits((bits_of(x) & 0x7fffffff) | (bits_of(s) & 0x80000000));
}
static inline reg reg_select(reg_mask m, reg x, reg y) { return m ? x : y; }
static inline reg reg_min(reg x, reg y) { return reg_lt(x, y) ? x : y; }
static inline reg reg_max(reg x, reg y) { return reg_lt(y, x) ? x : y; }
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  return bits_of(x) != bits_of(y) || bits_of(z) != bits_of(w);
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return m | n; }
static inline int reg_any(reg_mask m, reg_mask n) { return m | n; }
static inline unsigned reg_bits(reg_mask m) { return (unsigned)m; }
/* A sum with 1.5 * 2^23 has no fraction bits. */
static inline reg reg_round(reg x) { return reg_sub(reg_add(x, 0x1.8p23f), 0x1.8p23f); }

static inline reg reg_exponent(reg x) { return (reg)((int)(bits_of(x) >> 23) - 127); }
/* The low bits of 1.5 * 2^23 + n + 127 are n + 127. */
static inline reg reg_exp2i(reg n) { return from_bits(bits_of(reg_add(n, 0x1.8p23f + 127)) << 23); }
/* Two multiplications; the first is exact, so the result is rounded once. */
static inline reg reg_scale(reg m, reg n) {
  const reg part = reg_round(reg_mul(n, 0.5f));
  return reg_mul(reg_mul(m, reg_exp2i(part)), reg_exp2i(reg_sub(n, part)));
}

#define PIECES 32
typedef uint32_t reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return bits_of(k) >> shift & (PIECES - 1);
}
static inline reg reg_lookup(const float *column, reg_piece piece) { return column[piece]; }

#endif
