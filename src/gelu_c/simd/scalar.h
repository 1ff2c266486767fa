/* The vocabulary (README.md) in plain C, one lane: for processors without a file here, and the one
 * to read first. */
#ifndef GF_SIMD_H
#define GF_SIMD_H

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { VF_LANES = 1, VD_LANES = 1 };
typedef float vf;
typedef double vd;
typedef int mf;
typedef int md;

static inline uint32_t vf_bits(vf a) {
  uint32_t bits;
  memcpy(&bits, &a, sizeof bits);
  return bits;
}
static inline vf vf_from_bits(uint32_t bits) {
  vf a;
  memcpy(&a, &bits, sizeof a);
  return a;
}

static inline vf vf_set(float c) { return c; }
static inline vf vf_load(const float *p) {
  vf v;
  memcpy(&v, p, sizeof v);
  return v;
}
static inline void vf_store(float *p, vf v) { memcpy(p, &v, sizeof v); }
static inline void vf_stream(float *p, vf v) { vf_store(p, v); }

static inline vf vf_load_f16(const uint16_t *p) {
  uint16_t half;
  memcpy(&half, p, sizeof half);
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  const uint32_t rest = half & 0x7fff;
  if (rest >= 0x7c00) /* infinity; NaN, made quiet */
    return vf_from_bits(sign | 0x7f800000 | rest << 13 | (rest > 0x7c00 ? 0x400000 : 0));
  /* The bits moved into a float stand for the value times 2^-112; the product is exact. */
  const vf magnitude = vf_from_bits(rest << 13) * 0x1p112f;
  return vf_from_bits(sign | vf_bits(magnitude));
}
static inline void vf_store_f16(uint16_t *p, vf v) {
  const uint32_t bits = vf_bits(v), rest = bits & 0x7fffffff;
  uint32_t half;
  if (rest > 0x7f800000) /* NaN */
    half = 0x7e00 | ((rest >> 13) & 0x3ff);
  else if (rest >= 0x47800000) /* 65536 and more */
    half = 0x7c00;
  else if (rest < 0x38800000) /* subnormal: adding 1/2 leaves multiples of 2^-24, rounded */
    half = vf_bits(vf_from_bits(rest) + 0.5f) - 0x3f000000;
  else /* ties to even; a carry may reach the exponent, which is right */
    half = (rest - 0x38000000 + 0xfff + ((rest >> 13) & 1)) >> 13;
  half |= bits >> 16 & 0x8000;
  memcpy(p, &(uint16_t){(uint16_t)half}, sizeof(uint16_t));
}

static inline vf vf_add(vf a, vf b) { return a + b; }
static inline vf vf_sub(vf a, vf b) { return a - b; }
static inline vf vf_mul(vf a, vf b) { return a * b; }
static inline vf vf_div(vf a, vf b) { return a / b; }
/* Through double, in which the product is exact: rounded twice, so at most 2^-29 ULP away from one
 * rounding, and ten times faster than a software fmaf where the compiler may not assume FMA. */
static inline vf vf_fma(vf a, vf b, vf c) { return (vf)((double)a * b + c); }
static inline vf vf_fnma(vf a, vf b, vf c) { return (vf)(c - (double)a * b); }
static inline vf vf_abs(vf a) { return vf_from_bits(vf_bits(a) & 0x7fffffff); }
static inline vf vf_copysign(vf a, vf s) {
  return vf_from_bits((vf_bits(a) & 0x7fffffff) | (vf_bits(s) & 0x80000000));
}
static inline vf vf_min(vf a, vf b) { return a < b ? a : b; }
static inline vf vf_max(vf a, vf b) { return a > b ? a : b; }
static inline mf vf_lt(vf a, vf b) { return a < b; }
static inline vf vf_select(mf m, vf a, vf b) { return m ? a : b; }
/* Adding 1.5 * 2^23 leaves no room for a fraction; good for abs(a) < 2^22. */
static inline vf vf_round(vf a) { return (a + 0x1.8p23f) - 0x1.8p23f; }

/* 2^n for an integer n in [-126, 127]: n + 127, added to 1.5 * 2^23, lies in the low bits. */
static inline vf vf_exp2i(vf n) { return vf_from_bits(vf_bits(n + (0x1.8p23f + 127)) << 23); }
/* In two steps, of which the first is exact, so the result is rounded once. */
static inline vf vf_scale(vf m, vf n) {
  const vf half = vf_round(n * 0.5f);
  return m * vf_exp2i(half) * vf_exp2i(n - half);
}
static inline int mf_any(mf m) { return m; }
static inline unsigned mf_bits(mf m) { return (unsigned)m; }

static inline void simd_stream_end(void) {}

typedef uint32_t vrow;
#define VF_ROWS 32
static inline vrow vf_row(vf k, unsigned shift) { return vf_bits(k) >> shift & 31; }
static inline vf vf_lookup(const float *table, vrow row) { return table[row]; }

static inline uint64_t vd_bits(vd a) {
  uint64_t bits;
  memcpy(&bits, &a, sizeof bits);
  return bits;
}
static inline vd vd_from_bits(uint64_t bits) {
  vd a;
  memcpy(&a, &bits, sizeof a);
  return a;
}

static inline vd vd_set(double c) { return c; }
static inline vd vd_load(const double *p) {
  vd v;
  memcpy(&v, p, sizeof v);
  return v;
}
static inline void vd_store(double *p, vd v) { memcpy(p, &v, sizeof v); }
static inline void vd_stream(double *p, vd v) { vd_store(p, v); }
static inline vd vd_load_f32(const float *p) { return vf_load(p); }
static inline void vd_store_f32(float *p, vd v) { vf_store(p, (float)v); }
static inline vd vd_add(vd a, vd b) { return a + b; }
static inline vd vd_sub(vd a, vd b) { return a - b; }
static inline vd vd_mul(vd a, vd b) { return a * b; }
static inline vd vd_div(vd a, vd b) { return a / b; }
static inline vd vd_fma(vd a, vd b, vd c) { return fma(a, b, c); }
static inline vd vd_fnma(vd a, vd b, vd c) { return fma(-a, b, c); }
static inline vd vd_abs(vd a) { return vd_from_bits(vd_bits(a) & INT64_MAX); }
static inline vd vd_copysign(vd a, vd s) {
  return vd_from_bits((vd_bits(a) & INT64_MAX) | (vd_bits(s) & ~(uint64_t)INT64_MAX));
}
static inline vd vd_min(vd a, vd b) { return a < b ? a : b; }
static inline vd vd_max(vd a, vd b) { return a > b ? a : b; }
static inline md vd_lt(vd a, vd b) { return a < b; }
static inline vd vd_select(md m, vd a, vd b) { return m ? a : b; }
/* Adding 1.5 * 2^52 leaves no room for a fraction; good for abs(a) < 2^51. */
static inline vd vd_round(vd a) { return (a + 0x1.8p52) - 0x1.8p52; }

/* 2^n for an integer n in [-1022, 1023]: n + 1023, added to 1.5 * 2^52, lies in the low bits. */
static inline vd vd_exp2i(vd n) { return vd_from_bits(vd_bits(n + (0x1.8p52 + 1023)) << 52); }
/* In two steps, of which the first is exact, so the result is rounded once. */
static inline vd vd_scale(vd m, vd n) {
  const vd half = vd_round(n * 0.5);
  return m * vd_exp2i(half) * vd_exp2i(n - half);
}

#include "lanes.h"

#endif
