/* The vocabulary (README.md) in AArch64 Advanced SIMD: float. */
#include <arm_neon.h>
#include <stdint.h>

typedef float real;
#define REAL_IS_FLOAT
typedef float32x4_t reg;
typedef uint32x4_t reg_mask;
enum { REG_LANES = 4 };

static inline reg reg_set(float c) { return vdupq_n_f32(c); }
static inline reg reg_load(const float *p) { return vld1q_f32(p); }
static inline void reg_store(float *p, reg x) { vst1q_f32(p, x); }
static inline reg reg_load_F16(const uint16_t *p) {
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}
static inline void reg_store_F16(uint16_t *p, reg x) {
  vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(x)));
}
static inline reg reg_load_BF16(const uint16_t *p) {
  return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(p), 16));
}
/* Rounding adds half an ULP, or one unit less if the upper 16 bits are even, and cuts the lower 16
 * bits off. No carry changes a NaN: the lower 16 bits of NaN inputs are 0. */
static inline void reg_store_BF16(uint16_t *p, reg x) {
  const uint32x4_t bits = vreinterpretq_u32_f32(x);
  const uint32x4_t odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1));
  vst1_u16(p, vaddhn_u32(vaddq_u32(bits, odd), vdupq_n_u32(0x7fff)));
}
/* If no number lies halfway, adding half an ULP is enough. */
static inline void reg_store_untied_BF16(uint16_t *p, reg x) {
  vst1_u16(p, vrshrn_n_u32(vreinterpretq_u32_f32(x), 16));
}
#define reg_stream reg_store
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16
#define reg_stream_untied_BF16 reg_store_untied_BF16
static inline void simd_stream_end(void) {}

static inline reg reg_add(reg x, reg y) { return vaddq_f32(x, y); }
static inline reg reg_sub(reg x, reg y) { return vsubq_f32(x, y); }
/* A product of two NaNs is the first one. The compiler would exchange the factors of the intrinsic in
 * some places only. */
static inline reg reg_mul(reg x, reg y) {
  reg product;
  __asm__("fmul %0.4s, %1.4s, %2.4s" : "=w"(product) : "w"(x), "w"(y));
  return product;
}
static inline reg reg_div(reg x, reg y) { return vdivq_f32(x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return vfmaq_f32(z, x, y); }
static inline reg reg_fnma(reg x, reg y, reg z) { return vfmsq_f32(z, x, y); }
static inline reg reg_abs(reg x) { return vabsq_f32(x); }
static inline reg reg_copysign(reg x, reg s) { return vbslq_f32(vdupq_n_u32(0x80000000u), s, x); }
static inline reg_mask reg_lt(reg x, reg y) { return vcltq_f32(x, y); }
static inline reg reg_select(reg_mask m, reg x, reg y) { return vbslq_f32(m, x, y); }
/* FMIN and FMAX give NaN if either operand is NaN, which is not the rule of the vocabulary. */
static inline reg reg_min(reg x, reg y) { return reg_select(reg_lt(x, y), x, y); }
static inline reg reg_max(reg x, reg y) { return reg_select(reg_lt(y, x), x, y); }
static inline reg reg_round(reg x) { return vrndnq_f32(x); }
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  const uint32x4_t a = veorq_u32(vreinterpretq_u32_f32(x), vreinterpretq_u32_f32(y)),
                   b = veorq_u32(vreinterpretq_u32_f32(z), vreinterpretq_u32_f32(w));
  return vmaxvq_u32(vorrq_u32(a, b)) != 0;
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return vorrq_u32(m, n); }
static inline int reg_any(reg_mask m, reg_mask n) { return vmaxvq_u32(vorrq_u32(m, n)) != 0; }
static inline unsigned reg_bits(reg_mask m) {
  static const uint32_t bits[4] = {1, 2, 4, 8};
  return vaddvq_u32(vandq_u32(m, vld1q_u32(bits)));
}

static inline reg reg_exponent(reg x) {
  const uint32x4_t biased = vshrq_n_u32(vreinterpretq_u32_f32(x), 23);
  return reg_sub(vcvtq_f32_u32(biased), reg_set(127));
}
static inline reg reg_exp2i(reg n) {
  return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23));
}
/* Two multiplications; the first is exact, so the result is rounded once. */
static inline reg reg_scale(reg m, reg n) {
  const reg part = reg_round(reg_mul(n, reg_set(0.5f)));
  return reg_mul(reg_mul(m, reg_exp2i(part)), reg_exp2i(reg_sub(n, part)));
}

/* The bits below those of the 16-bit type, minus half an ULP plus `ulps`, are less than
 * 2 (ulps + 1). */
static inline reg_mask reg_near_half(reg x, int bits, int ulps) {
  const uint32_t below = (1u << bits) - 1, far = below - (2 * (uint32_t)ulps + 1);
  const uint32x4_t from_half = vdupq_n_u32((uint32_t)ulps - (1u << (bits - 1)));
  const uint32x4_t distance = vaddq_u32(vreinterpretq_u32_f32(x), from_half);
  return vceqzq_u32(vandq_u32(distance, vdupq_n_u32(far)));
}
static inline reg_mask reg_near_tie_BF16(reg x, int ulps) { return reg_near_half(x, 16, ulps); }
static inline reg_mask reg_near_tie_F16(reg x, int ulps) {
  const reg size = reg_abs(x), least = reg_set(0x1p-14f);
  const uint32x4_t raise = vandq_u32(reg_lt(size, least), vreinterpretq_u32_f32(least));
  return reg_near_half(reg_add(size, vreinterpretq_f32_u32(raise)), 13, ulps);
}

/* TBL looks up bytes among 32: piece r is the bytes 4r, 4r+1, 4r+2, 4r+3 of a column. */
#define PIECES 8
typedef uint8x16_t reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  const uint32x4_t bits = vshlq_u32(vreinterpretq_u32_f32(k), vdupq_n_s32(-(int)shift));
  const uint32x4_t piece = vandq_u32(bits, vdupq_n_u32(PIECES - 1));
  return vreinterpretq_u8_u32(vmlaq_u32(vdupq_n_u32(0x03020100u), piece, vdupq_n_u32(0x04040404u)));
}
static inline reg reg_lookup(const float *column, reg_piece piece) {
  const uint8x16x2_t bytes = {
      {vreinterpretq_u8_f32(vld1q_f32(column)), vreinterpretq_u8_f32(vld1q_f32(column + 4))}};
  return vreinterpretq_f32_u8(vqtbl2q_u8(bytes, piece));
}

/* The rows of four lanes are loaded, and transposed. */
#define LOOKS_UP_ROWS
static inline reg reg_low_half(reg x) {
  return vreinterpretq_f32_u32(vshlq_n_u32(vreinterpretq_u32_f32(x), 16));
}
static inline void reg_lookup_row(const float *row, reg number, reg *c0, reg *c1, reg *c2,
                                  reg *c3) {
  const uint16x8_t place = vreinterpretq_u16_u32(vshlq_n_u32(vreinterpretq_u32_f32(number), 2));
  const reg a = vld1q_f32(row + vgetq_lane_u16(place, 0));
  const reg b = vld1q_f32(row + vgetq_lane_u16(place, 2));
  const reg c = vld1q_f32(row + vgetq_lane_u16(place, 4));
  const reg d = vld1q_f32(row + vgetq_lane_u16(place, 6));
  const reg low_ac = vzip1q_f32(a, c), low_bd = vzip1q_f32(b, d);
  *c0 = vzip1q_f32(low_ac, low_bd);
  *c1 = vzip2q_f32(low_ac, low_bd);
  const reg high_ac = vzip2q_f32(a, c), high_bd = vzip2q_f32(b, d);
  *c2 = vzip1q_f32(high_ac, high_bd);
  *c3 = vzip2q_f32(high_ac, high_bd);
}

#include "single.h"

#include "lanes.h"

#include "half_table.h"
