/* The vocabulary (README.md) in AArch64 Advanced SIMD. */
#ifndef GF_SIMD_H
#define GF_SIMD_H

#include <arm_neon.h>
#include <stdint.h>

enum { VF_LANES = 4, VD_LANES = 2 };
typedef float32x4_t vf;
typedef float64x2_t vd;
typedef uint32x4_t mf;
typedef uint64x2_t md;

static inline vf vf_set(float c) { return vdupq_n_f32(c); }
static inline vf vf_load(const float *p) { return vld1q_f32(p); }
static inline void vf_store(float *p, vf v) { vst1q_f32(p, v); }
static inline void vf_stream(float *p, vf v) { vf_store(p, v); }
static inline vf vf_load_f16(const uint16_t *p) {
  return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(p)));
}
static inline void vf_store_f16(uint16_t *p, vf v) {
  vst1_u16(p, vreinterpret_u16_f16(vcvt_f16_f32(v)));
}
static inline vf vf_add(vf a, vf b) { return vaddq_f32(a, b); }
static inline vf vf_sub(vf a, vf b) { return vsubq_f32(a, b); }
static inline vf vf_mul(vf a, vf b) { return vmulq_f32(a, b); }
static inline vf vf_div(vf a, vf b) { return vdivq_f32(a, b); }
static inline vf vf_fma(vf a, vf b, vf c) { return vfmaq_f32(c, a, b); }
static inline vf vf_fnma(vf a, vf b, vf c) { return vfmsq_f32(c, a, b); }
static inline vf vf_abs(vf a) { return vabsq_f32(a); }
static inline vf vf_copysign(vf a, vf s) { return vbslq_f32(vdupq_n_u32(0x80000000u), s, a); }
/* FMIN and FMAX give NaN where either is: not the vocabulary's rule, so compare and select. */
static inline mf vf_lt(vf a, vf b) { return vcltq_f32(a, b); }
static inline vf vf_select(mf m, vf a, vf b) { return vbslq_f32(m, a, b); }
static inline vf vf_min(vf a, vf b) { return vf_select(vf_lt(a, b), a, b); }
static inline vf vf_max(vf a, vf b) { return vf_select(vf_lt(b, a), a, b); }
static inline vf vf_round(vf a) { return vrndnq_f32(a); }

/* 2^n for an integer n in [-126, 127]. */
static inline vf vf_exp2i(vf n) {
  return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23));
}
/* In two steps, of which the first is exact, so the result is rounded once. */
static inline vf vf_scale(vf m, vf n) {
  const vf half = vf_round(vf_mul(n, vf_set(0.5f)));
  return vf_mul(vf_mul(m, vf_exp2i(half)), vf_exp2i(vf_sub(n, half)));
}
static inline int mf_any(mf m) { return vmaxvq_u32(m) != 0; }
static inline unsigned mf_bits(mf m) {
  static const uint32_t bits[4] = {1, 2, 4, 8};
  return vaddvq_u32(vandq_u32(m, vld1q_u32(bits)));
}

static inline void simd_stream_end(void) {}

/* TBL looks up bytes among 32: a row's four byte numbers are 4r, 4r+1, 4r+2, 4r+3. */
typedef uint8x16_t vrow;
#define VF_ROWS 8
static inline vrow vf_row(vf k, unsigned shift) {
  const uint32x4_t bits = vshlq_u32(vreinterpretq_u32_f32(k), vdupq_n_s32(-(int)shift));
  const uint32x4_t row = vandq_u32(bits, vdupq_n_u32(7));
  return vreinterpretq_u8_u32(vmlaq_u32(vdupq_n_u32(0x03020100u), row, vdupq_n_u32(0x04040404u)));
}
static inline vf vf_lookup(const float *table, vrow row) {
  const uint8x16x2_t bytes = {
      {vreinterpretq_u8_f32(vld1q_f32(table)), vreinterpretq_u8_f32(vld1q_f32(table + 4))}};
  return vreinterpretq_f32_u8(vqtbl2q_u8(bytes, row));
}

static inline vd vd_set(double c) { return vdupq_n_f64(c); }
static inline vd vd_load(const double *p) { return vld1q_f64(p); }
static inline void vd_store(double *p, vd v) { vst1q_f64(p, v); }
static inline void vd_stream(double *p, vd v) { vd_store(p, v); }
static inline vd vd_load_f32(const float *p) { return vcvt_f64_f32(vld1_f32(p)); }
static inline void vd_store_f32(float *p, vd v) { vst1_f32(p, vcvt_f32_f64(v)); }
static inline vd vd_add(vd a, vd b) { return vaddq_f64(a, b); }
static inline vd vd_sub(vd a, vd b) { return vsubq_f64(a, b); }
static inline vd vd_mul(vd a, vd b) { return vmulq_f64(a, b); }
static inline vd vd_div(vd a, vd b) { return vdivq_f64(a, b); }
static inline vd vd_fma(vd a, vd b, vd c) { return vfmaq_f64(c, a, b); }
static inline vd vd_fnma(vd a, vd b, vd c) { return vfmsq_f64(c, a, b); }
static inline vd vd_abs(vd a) { return vabsq_f64(a); }
static inline vd vd_copysign(vd a, vd s) { return vbslq_f64(vdupq_n_u64(1ull << 63), s, a); }
static inline md vd_lt(vd a, vd b) { return vcltq_f64(a, b); }
static inline vd vd_select(md m, vd a, vd b) { return vbslq_f64(m, a, b); }
static inline vd vd_min(vd a, vd b) { return vd_select(vd_lt(a, b), a, b); }
static inline vd vd_max(vd a, vd b) { return vd_select(vd_lt(b, a), a, b); }
static inline vd vd_round(vd a) { return vrndnq_f64(a); }

/* 2^n for an integer n in [-1022, 1023]. */
static inline vd vd_exp2i(vd n) {
  return vreinterpretq_f64_s64(vshlq_n_s64(vaddq_s64(vcvtq_s64_f64(n), vdupq_n_s64(1023)), 52));
}
/* In two steps, of which the first is exact, so the result is rounded once. */
static inline vd vd_scale(vd m, vd n) {
  const vd half = vd_round(vd_mul(n, vd_set(0.5)));
  return vd_mul(vd_mul(m, vd_exp2i(half)), vd_exp2i(vd_sub(n, half)));
}

#include "lanes.h"

#endif
