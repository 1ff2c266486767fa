/* The vocabulary (README.md) in AArch64 Advanced SIMD: double. */
#include <arm_neon.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef double real;
typedef float64x2_t reg;
typedef uint64x2_t reg_mask;
enum { REG_LANES = 2 };

static inline reg reg_set(double c) { return vdupq_n_f64(c); }
static inline reg reg_load(const double *p) { return vld1q_f64(p); }
static inline void reg_store(double *p, reg x) { vst1q_f64(p, x); }
#define reg_stream reg_store
static inline void simd_stream_end(void) {}

static inline reg reg_add(reg x, reg y) { return vaddq_f64(x, y); }
static inline reg reg_sub(reg x, reg y) { return vsubq_f64(x, y); }
/* A product of two NaNs is the first one. The compiler would exchange the factors of the intrinsic in
 * some places only. */
static inline reg reg_mul(reg x, reg y) {
  reg product;
  __asm__("fmul %0.2d, %1.2d, %2.2d" : "=w"(product) : "w"(x), "w"(y));
  return product;
}
static inline reg reg_div(reg x, reg y) { return vdivq_f64(x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return vfmaq_f64(z, x, y); }
static inline reg reg_fnma(reg x, reg y, reg z) { return vfmsq_f64(z, x, y); }
static inline reg reg_abs(reg x) { return vabsq_f64(x); }
static inline reg reg_copysign(reg x, reg s) { return vbslq_f64(vdupq_n_u64(1ull << 63), s, x); }
static inline reg_mask reg_lt(reg x, reg y) { return vcltq_f64(x, y); }
static inline reg reg_select(reg_mask m, reg x, reg y) { return vbslq_f64(m, x, y); }
/* FMIN and FMAX give NaN if either operand is NaN, which is not the rule of the vocabulary. */
static inline reg reg_min(reg x, reg y) { return reg_select(reg_lt(x, y), x, y); }
static inline reg reg_max(reg x, reg y) { return reg_select(reg_lt(y, x), x, y); }
static inline reg reg_round(reg x) { return vrndnq_f64(x); }
static inline reg reg_power(reg x) {
  return vreinterpretq_f64_u64(
      vandq_u64(vreinterpretq_u64_f64(x), vreinterpretq_u64_f64(reg_set(INFINITY))));
}
static inline unsigned reg_bits(reg_mask m) {
  return (unsigned)((vgetq_lane_u64(m, 0) & 1) | (vgetq_lane_u64(m, 1) & 2));
}
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  const uint32x4_t a = veorq_u32(vreinterpretq_u32_f64(x), vreinterpretq_u32_f64(y)),
                   b = veorq_u32(vreinterpretq_u32_f64(z), vreinterpretq_u32_f64(w));
  return vmaxvq_u32(vorrq_u32(a, b)) != 0;
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return vorrq_u64(m, n); }
static inline int reg_any(reg_mask m, reg_mask n) { return reg_bits(vorrq_u64(m, n)) != 0; }

static inline reg reg_exponent(reg x) {
  const uint64x2_t biased = vshrq_n_u64(vreinterpretq_u64_f64(x), 52);
  return reg_sub(vcvtq_f64_u64(biased), reg_set(1023));
}
static inline reg reg_exp2i(reg n) {
  return vreinterpretq_f64_s64(vshlq_n_s64(vaddq_s64(vcvtq_s64_f64(n), vdupq_n_s64(1023)), 52));
}
/* Three multiplications; the first is exact, and only one of the others can round. */
static inline reg reg_scale(reg m, reg n) {
  const reg first = reg_max(n, reg_set(-500)), rest = reg_sub(n, first);
  const reg part = reg_round(reg_mul(rest, reg_set(0.5)));
  const reg start = reg_mul(m, reg_exp2i(first));
  return reg_mul(reg_mul(start, reg_exp2i(part)), reg_exp2i(reg_sub(rest, part)));
}

/* Each piece lies in memory as a whole. Two of its numbers are loaded for two pieces, and
 * transposed. */
#define PIECES 128
#define PIECE_MAJOR
typedef uint64x2_t reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  const uint64x2_t bits = vshlq_u64(vreinterpretq_u64_f64(k), vdupq_n_s64(-(int)shift));
  return vandq_u64(bits, vdupq_n_u64(PIECES - 1));
}
static inline void reg_lookup(const double *pieces, size_t stride, reg_piece piece, reg *first,
                              reg *second) {
  const reg even = vld1q_f64(pieces + vgetq_lane_u64(piece, 0) * stride);
  const reg odd = vld1q_f64(pieces + vgetq_lane_u64(piece, 1) * stride);
  *first = vzip1q_f64(even, odd);
  *second = vzip2q_f64(even, odd);
}

#include "round_once.h"

static inline uint16x4_t two_halves(const uint16_t *p) {
  uint32_t bits;
  memcpy(&bits, p, sizeof bits);
  return vreinterpret_u16_u32(vdup_n_u32(bits));
}
static inline void store_halves(uint16_t *p, uint16x4_t x) {
  const uint32_t bits = vget_lane_u32(vreinterpret_u32_u16(x), 0);
  memcpy(p, &bits, sizeof bits);
}
static inline reg reg_load_F16(const uint16_t *p) {
  return vcvt_f64_f32(vget_low_f32(vcvt_f32_f16(vreinterpret_f16_u16(two_halves(p)))));
}
static inline reg reg_load_BF16(const uint16_t *p) {
  return vcvt_f64_f32(vget_low_f32(vreinterpretq_f32_u32(vshll_n_u16(two_halves(p), 16))));
}
static inline float32x4_t to_floats(reg x) { return vcombine_f32(vcvt_f32_f64(x), vdup_n_f32(0)); }
static inline void reg_store_F16(uint16_t *p, reg x) {
  store_halves(p, vreinterpret_u16_f16(vcvt_f16_f32(to_floats(reg_to_F16(x)))));
}
static inline void reg_store_BF16(uint16_t *p, reg x) {
  store_halves(p, vshrn_n_u32(vreinterpretq_u32_f32(to_floats(reg_to_BF16(x))), 16));
}
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16

#include "single.h"

#include "lanes.h"
