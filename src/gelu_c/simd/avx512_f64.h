/* The vocabulary (README.md) in AVX-512 F, BW, DQ and VL: double. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>

typedef double real;
typedef __m512d reg;
typedef __mmask8 reg_mask;
#include "avx512_quiet.h"
enum { REG_LANES = 8 };
#define V_SLOWED_BY_SUBNORMALS

static inline reg reg_set(double c) { return _mm512_set1_pd(c); }
static inline reg reg_load(const double *p) { return _mm512_loadu_pd(p); }
static inline void reg_store(double *p, reg x) { _mm512_storeu_pd(p, x); }
static inline void reg_stream(double *p, reg x) { _mm512_stream_pd(p, x); }
static inline void simd_stream_end(void) { _mm_sfence(); }

static inline reg reg_add(reg x, reg y) { return ROUNDED(add, pd, x, y); }
static inline reg reg_sub(reg x, reg y) { return ROUNDED(sub, pd, x, y); }
static inline reg reg_mul(reg x, reg y) { return ROUNDED(mul, pd, x, y); }
static inline reg reg_div(reg x, reg y) { return ROUNDED(div, pd, x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return ROUNDED(fmadd, pd, x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return ROUNDED(fnmadd, pd, x, y, z); }
static inline reg reg_min(reg x, reg y) { return EXACT(min, pd, x, y); }
static inline reg reg_max(reg x, reg y) { return EXACT(max, pd, x, y); }
static inline reg reg_abs(reg x) { return _mm512_abs_pd(x); }
/* 10: of the magnitudes the smaller, without a sign; the other operand if one is NaN */
static inline reg reg_min_abs(reg x, reg y) { return EXACT(range, pd, x, y, 10); }
static inline reg reg_copysign(reg x, reg s) {
  /* ternary logic 0xca: the second operand where the first has a 1 bit, otherwise the third */
  return _mm512_castsi512_pd(_mm512_ternarylogic_epi64(
      _mm512_set1_epi64(INT64_MAX), _mm512_castpd_si512(x), _mm512_castpd_si512(s), 0xca));
}
static inline reg reg_round(reg x) {
  return _mm512_roundscale_pd(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline reg reg_power(reg x) { return _mm512_and_pd(x, _mm512_set1_pd(INFINITY)); }
static inline reg reg_exponent(reg x) { return EXACT(getexp, pd, x); }
/* The low bits of 1.5 * 2^52 + n + 1023 are n + 1023. */
static inline reg reg_exp2i(reg n) {
  const reg biased = reg_add(n, reg_set(0x1.8p52 + 1023));
  return _mm512_castsi512_pd(_mm512_slli_epi64(_mm512_castpd_si512(biased), 52));
}

static inline reg_mask reg_lt(reg x, reg y) { return EXACT(cmp, pd_mask, x, y, _CMP_LT_OQ); }
static inline reg reg_select(reg_mask m, reg x, reg y) { return _mm512_mask_blend_pd(m, y, x); }
static inline int reg_any(reg_mask m, reg_mask n) { return !_kortestz_mask8_u8(m, n); }
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  return !_kortestz_mask8_u8(
      _mm512_cmpneq_epi64_mask(_mm512_castpd_si512(x), _mm512_castpd_si512(y)),
      _mm512_cmpneq_epi64_mask(_mm512_castpd_si512(z), _mm512_castpd_si512(w)));
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return (reg_mask)(m | n); }
static inline unsigned reg_bits(reg_mask m) { return m; }
/* vscalefpd takes a hundred times as long on Intel's processors if the result is subnormal or
 * underflows to 0. So the bits of a subnormal result are computed as the integer m * 2^(n + 1074),
 * rounded once by the conversion. */
static inline reg reg_scale(reg m, reg n) {
  const __m512i exponent = ROUNDED_CONVERSION(pd_epi64, n);
  const __m512i normal = _mm512_add_epi64(_mm512_castpd_si512(m), _mm512_slli_epi64(exponent, 52));
  /* 2^(n + 1074), limited to 2^500: from n = -574 on every result is normal */
  const reg power = reg_exp2i(reg_min(reg_add(n, reg_set(1074)), reg_set(500)));
  const reg bits = reg_mul(reg_abs(m), power);
  const reg subnormal = reg_copysign(_mm512_castsi512_pd(ROUNDED_CONVERSION(pd_epi64, bits)), m);
  return reg_select(reg_lt(bits, reg_set(0x1p52)), subnormal, _mm512_castsi512_pd(normal));
}

#define V_MERGES
#define PIECES 16
typedef __m512i reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return _mm512_srli_epi64(_mm512_castpd_si512(k), shift);
}
static inline reg reg_lookup(const double *column, reg_piece piece) {
  return _mm512_permutex2var_pd(_mm512_load_pd(column), piece, _mm512_load_pd(column + 8));
}

/* Compressed in a register, because the compressing store is microcode on Zen 4. */
static inline void reg_pack(double *p, const double *from, unsigned lanes) {
  _mm512_storeu_pd(p, _mm512_maskz_compress_pd((reg_mask)lanes, reg_load(from)));
}
static inline void reg_unpack(double *p, const double *packed, unsigned lanes) {
  const reg spread = _mm512_maskz_expand_pd((reg_mask)lanes, reg_load(packed));
  _mm512_mask_storeu_pd(p, (reg_mask)lanes, spread);
}

#include "round_once.h"

static inline __m128i half_load(const uint16_t *p) { return _mm_loadu_si128((const void *)p); }
static inline reg reg_load_F16(const uint16_t *p) {
  return EXACT_CONVERSION(ps_pd, _mm256_cvtph_ps(half_load(p)));
}
static inline reg reg_load_BF16(const uint16_t *p) {
  const __m256i bits = _mm256_slli_epi32(_mm256_cvtepu16_epi32(half_load(p)), 16);
  return EXACT_CONVERSION(ps_pd, _mm256_castsi256_ps(bits));
}
static inline void reg_store_F16(uint16_t *p, reg x) {
  const __m256 rounded = ROUNDED_CONVERSION(pd_ps, reg_to_F16(x));
  _mm_storeu_si128((void *)p, _mm256_cvtps_ph(rounded, _MM_FROUND_TO_NEAREST_INT));
}
static inline void reg_store_BF16(uint16_t *p, reg x) {
  const __m256i rounded = _mm256_castps_si256(ROUNDED_CONVERSION(pd_ps, reg_to_BF16(x)));
  _mm_storeu_si128((void *)p, _mm256_cvtepi32_epi16(_mm256_srli_epi32(rounded, 16)));
}
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16

#include "padded_avx512.h"

#ifdef GF_QUIET /* one element does not take the time of two registers */
#include "single.h"

#include "lanes.h"
#else
#include "lanes_compressed.h"
#include "pair.h"
#endif
