/* The vocabulary (README.md) in AVX-512 F, BW, DQ and VL. */
#ifndef GF_SIMD_H
#define GF_SIMD_H

#include <immintrin.h>
#include <stdint.h>

enum { VF_LANES = 16, VD_LANES = 8 };
typedef __m512 vf;
typedef __m512d vd;
typedef __mmask16 mf;
typedef __mmask8 md;

static inline vf vf_set(float c) { return _mm512_set1_ps(c); }
static inline vf vf_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void vf_store(float *p, vf v) { _mm512_storeu_ps(p, v); }
static inline void vf_stream(float *p, vf v) { _mm512_stream_ps(p, v); }
static inline vf vf_load_f16(const uint16_t *p) {
  return _mm512_cvtph_ps(_mm256_loadu_si256((const void *)p));
}
static inline void vf_store_f16(uint16_t *p, vf v) {
  _mm256_storeu_si256((void *)p, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
static inline vf vf_add(vf a, vf b) { return _mm512_add_ps(a, b); }
static inline vf vf_sub(vf a, vf b) { return _mm512_sub_ps(a, b); }
static inline vf vf_mul(vf a, vf b) { return _mm512_mul_ps(a, b); }
static inline vf vf_div(vf a, vf b) { return _mm512_div_ps(a, b); }
static inline vf vf_fma(vf a, vf b, vf c) { return _mm512_fmadd_ps(a, b, c); }
static inline vf vf_fnma(vf a, vf b, vf c) { return _mm512_fnmadd_ps(a, b, c); }
static inline vf vf_abs(vf a) { return _mm512_abs_ps(a); }
static inline vf vf_copysign(vf a, vf s) {
  /* ternary logic 0xca: where the mask bit is set the second operand, else the third */
  return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
      _mm512_set1_epi32(0x7fffffff), _mm512_castps_si512(a), _mm512_castps_si512(s), 0xca));
}
static inline vf vf_min(vf a, vf b) { return _mm512_min_ps(a, b); }
static inline vf vf_max(vf a, vf b) { return _mm512_max_ps(a, b); }
static inline mf vf_lt(vf a, vf b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
static inline vf vf_select(mf m, vf a, vf b) { return _mm512_mask_blend_ps(m, b, a); }
static inline vf vf_round(vf a) {
  return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline vf vf_scale(vf m, vf n) { return _mm512_scalef_ps(m, n); }
static inline int mf_any(mf m) { return m != 0; }
static inline unsigned mf_bits(mf m) { return m; }

/* Compressed in a register: the form that stores is microcode on Zen 4. */
static inline float *vf_pack(float *p, vf v, unsigned lanes) {
  vf_store(p, _mm512_maskz_compress_ps((mf)lanes, v));
  return p + __builtin_popcount(lanes);
}
static inline const float *vf_unpack(float *p, const float *packed, unsigned lanes) {
  _mm512_mask_storeu_ps(p, (mf)lanes, _mm512_maskz_expand_ps((mf)lanes, vf_load(packed)));
  return packed + __builtin_popcount(lanes);
}

static inline void simd_stream_end(void) { _mm_sfence(); }

typedef __m512i vrow;
#define VF_ROWS 32
static inline vrow vf_row(vf k) { return _mm512_castps_si512(k); }
static inline vf vf_lookup(const float *table, vrow row) {
  return _mm512_permutex2var_ps(_mm512_load_ps(table), row, _mm512_load_ps(table + 16));
}
static inline vf vf_exp2i(vf n) { return _mm512_scalef_ps(vf_set(1), n); }

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
