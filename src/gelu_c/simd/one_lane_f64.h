/* The words that scalar_f64.h and cuda_f64.h have in common: one double at a time, without
 * instructions of a processor. They use the arithmetic that those files define. */
#ifndef GF_ONE_LANE_F64_H
#define GF_ONE_LANE_F64_H

#include "one_lane_memory.h"

static inline uint64_t bits_of(reg x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
static inline reg from_bits(uint64_t bits) {
  reg x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline reg reg_abs(reg x) { return from_bits(bits_of(x) & INT64_MAX); }
static inline reg reg_copysign(reg x, reg s) {
  return from_bits((bits_of(x) & INT64_MAX) | (bits_of(s) & ~(uint64_t)INT64_MAX));
}
static inline reg reg_min(reg x, reg y) { return x < y ? x : y; }
static inline reg reg_max(reg x, reg y) { return x > y ? x : y; }
static inline reg_mask reg_lt(reg x, reg y) { return x < y; }
static inline reg reg_select(reg_mask m, reg x, reg y) { return m ? x : y; }
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  return bits_of(x) != bits_of(y) || bits_of(z) != bits_of(w);
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return m | n; }
static inline int reg_any(reg_mask m, reg_mask n) { return m | n; }
static inline unsigned reg_bits(reg_mask m) { return (unsigned)m; }
/* A sum with 1.5 * 2^52 has no fraction bits. */
static inline reg reg_round(reg x) { return reg_sub(reg_add(x, 0x1.8p52), 0x1.8p52); }
static inline reg reg_power(reg x) { return from_bits(bits_of(x) & bits_of(INFINITY)); }

static inline reg reg_exponent(reg x) { return (reg)((int)(bits_of(x) >> 52) - 1023); }
/* The low bits of 1.5 * 2^52 + n + 1023 are n + 1023. */
static inline reg reg_exp2i(reg n) { return from_bits(bits_of(reg_add(n, 0x1.8p52 + 1023)) << 52); }
/* Three multiplications; the first is exact, and only one of the others can round. */
static inline reg reg_scale(reg m, reg n) {
  const reg first = reg_max(n, -500), rest = reg_sub(n, first);
  const reg part = reg_round(reg_mul(rest, 0.5)), other = reg_sub(rest, part);
  return reg_mul(reg_mul(reg_mul(m, reg_exp2i(first)), reg_exp2i(part)), reg_exp2i(other));
}

#include "round_once.h"

static inline reg reg_load_BF16(const uint16_t *p) {
  const uint32_t bits = (uint32_t)half_load(p) << 16;
  float x;
  memcpy(&x, &bits, sizeof x);
  return widened(x);
}
static inline void reg_store_BF16(uint16_t *p, reg x) {
  const float rounded = narrowed(reg_to_BF16(x));
  uint32_t bits;
  memcpy(&bits, &rounded, sizeof bits);
  half_store(p, bits >> 16);
}
/* The bits, moved to their place in a double, are the value times 2^-1008. */
static inline reg reg_load_F16(const uint16_t *p) {
  const uint64_t half = half_load(p), sign = (half & 0x8000) << 48, rest = half & 0x7fff;
  if (rest >= 0x7c00) /* infinity; a NaN becomes quiet */
    return from_bits(sign | bits_of(INFINITY) | rest << 42 | (uint64_t)(rest > 0x7c00) << 51);
  return from_bits(sign | bits_of(reg_mul(from_bits(rest << 42), 0x1p1008)));
}
static inline void reg_store_F16(uint16_t *p, reg x) {
  const reg rounded = reg_to_F16(x), size = reg_abs(rounded);
  const uint64_t sign = bits_of(x) >> 48 & 0x8000, bits = bits_of(reg_mul(size, 0x1p-1008));
  if (rounded != rounded) /* a NaN keeps the upper bits of its payload */
    half_store(p, (uint32_t)(sign | 0x7c00 | (bits_of(x) >> 42 & 0x3ff)));
  else
    half_store(p, (uint32_t)(sign | (size < 0x1p16 ? bits >> 42 : 0x7c00)));
}
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16

#endif
