/* The vocabulary (README.md) in AVX-512 F, BW, DQ and VL. */
#ifndef GF_SIMD_H
#define GF_SIMD_H

#include <immintrin.h>
#include <stdint.h>

enum { VF_LANES = 32, VD_LANES = 8 };
/* Two registers: the mathematics is one long chain of dependent operations, and a processor does not
 * look far enough ahead to find as many chains as it could run at once. */
typedef struct {
  __m512 a, b;
} vf;
typedef struct {
  __mmask16 a, b;
} mf;
typedef __m512d vd;
typedef __mmask8 md;

#define EACH_1(f, x) ((vf){f((x).a), f((x).b)})
#define EACH_2(f, x, y) ((vf){f((x).a, (y).a), f((x).b, (y).b)})
#define EACH_3(f, x, y, z) ((vf){f((x).a, (y).a, (z).a), f((x).b, (y).b, (z).b)})

static inline vf vf_set(float c) { return (vf){_mm512_set1_ps(c), _mm512_set1_ps(c)}; }
static inline vf vf_load(const float *p) {
  return (vf){_mm512_loadu_ps(p + 0), _mm512_loadu_ps(p + 16)};
}
static inline void vf_store(float *p, vf v) {
  _mm512_storeu_ps(p + 0, v.a);
  _mm512_storeu_ps(p + 16, v.b);
}
static inline void vf_stream(float *p, vf v) {
  _mm512_stream_ps(p + 0, v.a);
  _mm512_stream_ps(p + 16, v.b);
}

static inline __m512 ps_load_f16(const uint16_t *p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const void *)p));
}
static inline void ps_store_f16(uint16_t *p, __m512 v) {
  _mm256_storeu_si256((void *)p, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
static inline vf vf_load_f16(const uint16_t *p) {
  return (vf){ps_load_f16(p + 0), ps_load_f16(p + 16)};
}
static inline void vf_store_f16(uint16_t *p, vf v) {
  ps_store_f16(p + 0, v.a);
  ps_store_f16(p + 16, v.b);
}

static inline vf vf_add(vf x, vf y) { return EACH_2(_mm512_add_ps, x, y); }
static inline vf vf_sub(vf x, vf y) { return EACH_2(_mm512_sub_ps, x, y); }
static inline vf vf_mul(vf x, vf y) { return EACH_2(_mm512_mul_ps, x, y); }
static inline vf vf_div(vf x, vf y) { return EACH_2(_mm512_div_ps, x, y); }
static inline vf vf_fma(vf x, vf y, vf z) { return EACH_3(_mm512_fmadd_ps, x, y, z); }
static inline vf vf_fnma(vf x, vf y, vf z) { return EACH_3(_mm512_fnmadd_ps, x, y, z); }
static inline vf vf_min(vf x, vf y) { return EACH_2(_mm512_min_ps, x, y); }
static inline vf vf_max(vf x, vf y) { return EACH_2(_mm512_max_ps, x, y); }
static inline vf vf_abs(vf x) { return EACH_1(_mm512_abs_ps, x); }
static inline vf vf_scale(vf m, vf n) { return EACH_2(_mm512_scalef_ps, m, n); }

static inline __m512 ps_copysign(__m512 x, __m512 s) {
  /* ternary logic 0xca: where the mask bit is set the second operand, else the third */
  return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
      _mm512_set1_epi32(0x7fffffff), _mm512_castps_si512(x), _mm512_castps_si512(s), 0xca));
}
static inline __m512 ps_round(__m512 x) {
  return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline __m512 ps_exp2i(__m512 n) { return _mm512_scalef_ps(_mm512_set1_ps(1), n); }
static inline vf vf_copysign(vf x, vf s) { return EACH_2(ps_copysign, x, s); }
static inline vf vf_round(vf x) { return EACH_1(ps_round, x); }
static inline vf vf_exp2i(vf n) { return EACH_1(ps_exp2i, n); }

static inline mf vf_lt(vf x, vf y) {
  return (mf){_mm512_cmp_ps_mask(x.a, y.a, _CMP_LT_OQ), _mm512_cmp_ps_mask(x.b, y.b, _CMP_LT_OQ)};
}
static inline vf vf_select(mf m, vf x, vf y) {
  return (vf){_mm512_mask_blend_ps(m.a, y.a, x.a), _mm512_mask_blend_ps(m.b, y.b, x.b)};
}
static inline int mf_any(mf m) { return !_kortestz_mask16_u8(m.a, m.b); }
static inline unsigned mf_bits(mf m) { return (unsigned)m.b << 16 | m.a; }

#define VF_COMPRESSES
#include "lanes.h"
enum { FEW_LANES = 4 }; /* up to so many go faster one by one */

/* Compressed in a register: the form that stores is microcode on Zen 4. */
static inline void vf_pack(float *p, const float *from, unsigned lanes) {
  const __mmask16 a = (__mmask16)lanes, b = (__mmask16)(lanes >> 16);
  if (gf_bit_count(lanes) <= FEW_LANES) {
    pack_lanes(p, from, lanes);
    return;
  }
  _mm512_storeu_ps(p, _mm512_maskz_compress_ps(a, _mm512_loadu_ps(from)));
  p += gf_bit_count(a);
  _mm512_storeu_ps(p, _mm512_maskz_compress_ps(b, _mm512_loadu_ps(from + 16)));
}
static inline const float *vf_unpack(float *p, const float *packed, unsigned lanes) {
  const __mmask16 a = (__mmask16)lanes, b = (__mmask16)(lanes >> 16);
  if (gf_bit_count(lanes) <= FEW_LANES)
    return unpack_lanes(p, packed, lanes);
  _mm512_mask_storeu_ps(p, a, _mm512_maskz_expand_ps(a, _mm512_loadu_ps(packed)));
  packed += gf_bit_count(a);
  _mm512_mask_storeu_ps(p + 16, b, _mm512_maskz_expand_ps(b, _mm512_loadu_ps(packed)));
  return packed + gf_bit_count(b);
}

static inline void simd_stream_end(void) { _mm_sfence(); }

typedef struct {
  __m512i a, b;
} vrow;
#define VF_ROWS 32
static inline vrow vf_row(vf k, unsigned shift) {
  return (vrow){_mm512_srli_epi32(_mm512_castps_si512(k.a), shift),
                _mm512_srli_epi32(_mm512_castps_si512(k.b), shift)};
}
static inline vf vf_lookup(const float *table, vrow row) {
  const __m512 lo = _mm512_load_ps(table), hi = _mm512_load_ps(table + 16);
  return (vf){_mm512_permutex2var_ps(lo, row.a, hi), _mm512_permutex2var_ps(lo, row.b, hi)};
}

static inline vd vd_set(double c) { return _mm512_set1_pd(c); }
static inline vd vd_load(const double *p) { return _mm512_loadu_pd(p); }
static inline void vd_store(double *p, vd v) { _mm512_storeu_pd(p, v); }
static inline void vd_stream(double *p, vd v) { _mm512_stream_pd(p, v); }
static inline vd vd_load_f32(const float *p) { return _mm512_cvtps_pd(_mm256_loadu_ps(p)); }
static inline void vd_store_f32(float *p, vd v) { _mm256_storeu_ps(p, _mm512_cvtpd_ps(v)); }
static inline vd vd_add(vd a, vd b) { return _mm512_add_pd(a, b); }
static inline vd vd_sub(vd a, vd b) { return _mm512_sub_pd(a, b); }
static inline vd vd_mul(vd a, vd b) { return _mm512_mul_pd(a, b); }
static inline vd vd_div(vd a, vd b) { return _mm512_div_pd(a, b); }
static inline vd vd_fma(vd a, vd b, vd c) { return _mm512_fmadd_pd(a, b, c); }
static inline vd vd_fnma(vd a, vd b, vd c) { return _mm512_fnmadd_pd(a, b, c); }
static inline vd vd_abs(vd a) { return _mm512_abs_pd(a); }
static inline vd vd_copysign(vd a, vd s) {
  return _mm512_castsi512_pd(_mm512_ternarylogic_epi64(
      _mm512_set1_epi64(INT64_MAX), _mm512_castpd_si512(a), _mm512_castpd_si512(s), 0xca));
}
static inline vd vd_min(vd a, vd b) { return _mm512_min_pd(a, b); }
static inline vd vd_max(vd a, vd b) { return _mm512_max_pd(a, b); }
static inline md vd_lt(vd a, vd b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
static inline vd vd_select(md m, vd a, vd b) { return _mm512_mask_blend_pd(m, b, a); }
static inline vd vd_round(vd a) {
  return _mm512_roundscale_pd(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline vd vd_exp2i(vd n) { return _mm512_scalef_pd(vd_set(1), n); }
static inline vd vd_scale(vd m, vd n) { return _mm512_scalef_pd(m, n); }

#endif
