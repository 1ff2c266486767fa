/* The vocabulary (README.md) in AVX2 with FMA and F16C. */
#ifndef GF_SIMD_H
#define GF_SIMD_H

#include <immintrin.h>
#include <stdint.h>

enum { VF_LANES = 16, VD_LANES = 4 };
/* Two registers: the mathematics is one long chain of dependent operations, and a processor does not
 * look far enough ahead to find as many chains as it could run at once. */
typedef struct {
  __m256 a, b;
} vf;
typedef vf mf;
typedef __m256d vd;
typedef __m256d md;

#define EACH_1(f, x) ((vf){f((x).a), f((x).b)})
#define EACH_2(f, x, y) ((vf){f((x).a, (y).a), f((x).b, (y).b)})
#define EACH_3(f, x, y, z) ((vf){f((x).a, (y).a, (z).a), f((x).b, (y).b, (z).b)})

static inline vf vf_set(float c) { return (vf){_mm256_set1_ps(c), _mm256_set1_ps(c)}; }
static inline vf vf_load(const float *p) {
  return (vf){_mm256_loadu_ps(p + 0), _mm256_loadu_ps(p + 8)};
}
static inline void vf_store(float *p, vf v) {
  _mm256_storeu_ps(p + 0, v.a);
  _mm256_storeu_ps(p + 8, v.b);
}
static inline void vf_stream(float *p, vf v) {
  _mm256_stream_ps(p + 0, v.a);
  _mm256_stream_ps(p + 8, v.b);
}

static inline __m256 ps_load_f16(const uint16_t *p) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const void *)p));
}
static inline void ps_store_f16(uint16_t *p, __m256 v) {
  _mm_storeu_si128((void *)p, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
static inline vf vf_load_f16(const uint16_t *p) {
  return (vf){ps_load_f16(p + 0), ps_load_f16(p + 8)};
}
static inline void vf_store_f16(uint16_t *p, vf v) {
  ps_store_f16(p + 0, v.a);
  ps_store_f16(p + 8, v.b);
}

static inline vf vf_add(vf x, vf y) { return EACH_2(_mm256_add_ps, x, y); }
static inline vf vf_sub(vf x, vf y) { return EACH_2(_mm256_sub_ps, x, y); }
static inline vf vf_mul(vf x, vf y) { return EACH_2(_mm256_mul_ps, x, y); }
static inline vf vf_div(vf x, vf y) { return EACH_2(_mm256_div_ps, x, y); }
static inline vf vf_fma(vf x, vf y, vf z) { return EACH_3(_mm256_fmadd_ps, x, y, z); }
static inline vf vf_fnma(vf x, vf y, vf z) { return EACH_3(_mm256_fnmadd_ps, x, y, z); }
static inline vf vf_min(vf x, vf y) { return EACH_2(_mm256_min_ps, x, y); }
static inline vf vf_max(vf x, vf y) { return EACH_2(_mm256_max_ps, x, y); }

static inline __m256 ps_abs(__m256 x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
static inline __m256 ps_copysign(__m256 x, __m256 s) {
  return _mm256_or_ps(ps_abs(x), _mm256_and_ps(_mm256_set1_ps(-0.0f), s));
}
static inline __m256 ps_lt(__m256 x, __m256 y) { return _mm256_cmp_ps(x, y, _CMP_LT_OQ); }
static inline __m256 ps_select(__m256 m, __m256 x, __m256 y) { return _mm256_blendv_ps(y, x, m); }
static inline __m256 ps_round(__m256 x) {
  return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline vf vf_abs(vf x) { return EACH_1(ps_abs, x); }
static inline vf vf_copysign(vf x, vf s) { return EACH_2(ps_copysign, x, s); }
static inline mf vf_lt(vf x, vf y) { return EACH_2(ps_lt, x, y); }
static inline vf vf_select(mf m, vf x, vf y) { return EACH_3(ps_select, m, x, y); }
static inline vf vf_round(vf x) { return EACH_1(ps_round, x); }

/* No multiplication may give a subnormal number, as that takes ten times longer on some processors:
 * its bits are m * 2^(n + 149) as an integer, rounded once by the conversion. */
static inline __m256 ps_scale(__m256 m, __m256 n) {
  const __m256i exponent = _mm256_cvtps_epi32(n);
  const __m256i normal = _mm256_add_epi32(_mm256_castps_si256(m), _mm256_slli_epi32(exponent, 23));
  /* 2^(n + 149), held below overflow: at n = -49 the result is normal for every m allowed */
  const __m256i raised = _mm256_min_epi32(_mm256_add_epi32(exponent, _mm256_set1_epi32(149 + 127)),
                                          _mm256_set1_epi32(100 + 127));
  const __m256 bits = _mm256_mul_ps(ps_abs(m), _mm256_castsi256_ps(_mm256_slli_epi32(raised, 23)));
  const __m256 subnormal = ps_copysign(_mm256_castsi256_ps(_mm256_cvtps_epi32(bits)), m);
  const __m256 is_subnormal = ps_lt(bits, _mm256_set1_ps(0x1p23f));
  return ps_select(is_subnormal, subnormal, _mm256_castsi256_ps(normal));
}
/* n + 127, added to 1.5 * 2^23, lies in the low bits. */
static inline __m256 ps_exp2i(__m256 n) {
  const __m256 biased = _mm256_add_ps(n, _mm256_set1_ps(0x1.8p23f + 127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(biased), 23));
}
static inline vf vf_scale(vf m, vf n) { return EACH_2(ps_scale, m, n); }
static inline vf vf_exp2i(vf n) { return EACH_1(ps_exp2i, n); }

static inline unsigned mf_bits(mf m) {
  return (unsigned)_mm256_movemask_ps(m.a) | (unsigned)_mm256_movemask_ps(m.b) << 8;
}
static inline int mf_any(mf m) { return _mm256_movemask_ps(_mm256_or_ps(m.a, m.b)) != 0; }

static inline void simd_stream_end(void) { _mm_sfence(); }

typedef struct {
  __m256i a, b;
} vrow;
#define VF_ROWS 8
static inline vrow vf_row(vf k, unsigned shift) {
  return (vrow){_mm256_srli_epi32(_mm256_castps_si256(k.a), (int)shift),
                _mm256_srli_epi32(_mm256_castps_si256(k.b), (int)shift)};
}
static inline vf vf_lookup(const float *table, vrow row) {
  const __m256 rows = _mm256_load_ps(table);
  return (vf){_mm256_permutevar8x32_ps(rows, row.a), _mm256_permutevar8x32_ps(rows, row.b)};
}

static inline vd vd_set(double c) { return _mm256_set1_pd(c); }
static inline vd vd_load(const double *p) { return _mm256_loadu_pd(p); }
static inline void vd_store(double *p, vd v) { _mm256_storeu_pd(p, v); }
static inline void vd_stream(double *p, vd v) { _mm256_stream_pd(p, v); }
static inline vd vd_load_f32(const float *p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
static inline void vd_store_f32(float *p, vd v) { _mm_storeu_ps(p, _mm256_cvtpd_ps(v)); }
static inline vd vd_add(vd a, vd b) { return _mm256_add_pd(a, b); }
static inline vd vd_sub(vd a, vd b) { return _mm256_sub_pd(a, b); }
static inline vd vd_mul(vd a, vd b) { return _mm256_mul_pd(a, b); }
static inline vd vd_div(vd a, vd b) { return _mm256_div_pd(a, b); }
static inline vd vd_fma(vd a, vd b, vd c) { return _mm256_fmadd_pd(a, b, c); }
static inline vd vd_fnma(vd a, vd b, vd c) { return _mm256_fnmadd_pd(a, b, c); }
static inline vd vd_abs(vd a) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), a); }
static inline vd vd_copysign(vd a, vd s) {
  return _mm256_or_pd(vd_abs(a), _mm256_and_pd(_mm256_set1_pd(-0.0), s));
}
static inline vd vd_min(vd a, vd b) { return _mm256_min_pd(a, b); }
static inline vd vd_max(vd a, vd b) { return _mm256_max_pd(a, b); }
static inline md vd_lt(vd a, vd b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
static inline vd vd_select(md m, vd a, vd b) { return _mm256_blendv_pd(b, a, m); }
static inline vd vd_round(vd a) {
  return _mm256_round_pd(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

/* 2^n for an integer n in [-1022, 1023]: n + 1023, added to 1.5 * 2^52, lies in the low bits. */
static inline vd vd_exp2i(vd n) {
  const __m256i biased = _mm256_castpd_si256(vd_add(n, vd_set(0x1.8p52 + 1023)));
  return _mm256_castsi256_pd(_mm256_slli_epi64(biased, 52));
}
/* In two steps, of which the first is exact, so the result is rounded once. */
static inline vd vd_scale(vd m, vd n) {
  const vd half = vd_round(vd_mul(n, vd_set(0.5)));
  return vd_mul(vd_mul(m, vd_exp2i(half)), vd_exp2i(vd_sub(n, half)));
}

#include "lanes.h"

#endif
