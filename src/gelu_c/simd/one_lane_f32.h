/* The words that one float at a time needs no instructions of its own for, whichever the processor:
 * for scalar_f32.h and cuda_f32.h, in terms of their arithmetic. */
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

/* float16: infinities, NaN, made quiet, and subnormal numbers too */
static inline reg float_of_half(uint16_t half) {
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7fff;
  if (rest >= 0x7c00)
    return from_bits(sign | 0x7f800000 | rest << 13 | (rest > 0x7c00 ? 0x400000 : 0));
  /* The bits moved into a float stand for the value times 2^-112; the product is exact. */
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
  else if (rest < 0x38800000) /* subnormal: adding 1/2 leaves multiples of 2^-24, rounded */
    half = bits_of(reg_add(from_bits(rest), 0.5f)) - 0x3f000000;
  else /* ties to even; a carry may reach the exponent, which is right */
    half = (rest - 0x38000000 + 0xfff + ((rest >> 13) & 1)) >> 13;
  return half | (bits >> 16 & 0x8000);
}

static inline reg reg_load_BF16(const uint16_t *p) {
  return from_bits((uint32_t)half_load(p) << 16);
}
/* Half an ULP more, or a little less next to an even number, cut off. No NaN is carried away: those of
 * the inputs have a low half of 0. */
static inline void reg_store_BF16(uint16_t *p, reg x) {
  const uint32_t bits = bits_of(x);
  half_store(p, (bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
/* Where no number lies halfway, half an ULP more will do. */
static inline void reg_store_untied_BF16(uint16_t *p, reg x) {
  half_store(p, (bits_of(x) + 0x8000) >> 16);
}
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16
#define reg_stream_untied_BF16 reg_store_untied_BF16

static inline reg reg_abs(reg x) { return from_bits(bits_of(x) & 0x7fffffff); }
static inline reg reg_copysign(reg x, reg s) {
  return from_bits((bits_of(x) & 0x7fffffff) | (bits_of(s) & 0x80000000));
}
static inline reg reg_select(reg_mask m, reg x, reg y) { return m ? x : y; }
static inline reg reg_min(reg x, reg y) { return reg_lt(x, y) ? x : y; }
static inline reg reg_max(reg x, reg y) { return reg_lt(y, x) ? x : y; }
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return m | n; }
static inline int reg_any(reg_mask m, reg_mask n) { return m | n; }
static inline unsigned reg_bits(reg_mask m) { return (unsigned)m; }
/* Adding 1.5 * 2^23 leaves no room for a fraction. */
static inline reg reg_round(reg x) { return reg_sub(reg_add(x, 0x1.8p23f), 0x1.8p23f); }

static inline reg reg_exponent(reg x) { return (reg)((int)(bits_of(x) >> 23) - 127); }
/* n + 127, added to 1.5 * 2^23, lies in the low bits. */
static inline reg reg_exp2i(reg n) { return from_bits(bits_of(reg_add(n, 0x1.8p23f + 127)) << 23); }
/* In two steps, of which the first is exact, so the result is rounded once. */
static inline reg reg_scale(reg m, reg n) {
  const reg half = reg_round(reg_mul(n, 0.5f));
  return reg_mul(reg_mul(m, reg_exp2i(half)), reg_exp2i(reg_sub(n, half)));
}

#define PIECES 32
typedef uint32_t reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return bits_of(k) >> shift & (PIECES - 1);
}
static inline reg reg_lookup(const float *column, reg_piece piece) { return column[piece]; }

#endif
