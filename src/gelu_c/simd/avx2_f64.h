/* The vocabulary (README.md) in AVX2 with FMA and F16C: double. */
#include <immintrin.h>
#include <math.h>
#include <stdint.h>

typedef double real;
typedef __m256d reg;
typedef __m256d reg_mask;
enum { REG_LANES = 4 };
#define V_SLOWED_BY_SUBNORMALS

static inline reg reg_set(double c) { return _mm256_set1_pd(c); }
static inline reg reg_load(const double *p) { return _mm256_loadu_pd(p); }
static inline void reg_store(double *p, reg x) { _mm256_storeu_pd(p, x); }
static inline void reg_stream(double *p, reg x) { _mm256_stream_pd(p, x); }
static inline void simd_stream_end(void) { _mm_sfence(); }

static inline reg reg_add(reg x, reg y) { return _mm256_add_pd(x, y); }
static inline reg reg_sub(reg x, reg y) { return _mm256_sub_pd(x, y); }
static inline reg reg_mul(reg x, reg y) { return _mm256_mul_pd(x, y); }
/* Compilers exchange the factors of a product where one of them is in memory. */
static inline reg reg_mul_in_order(reg x, reg y) {
  reg product;
  __asm__("vmulpd %2, %1, %0" : "=x"(product) : "x"(x), "x"(y));
  return product;
}
#define reg_mul_in_order reg_mul_in_order
static inline reg reg_div(reg x, reg y) { return _mm256_div_pd(x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return _mm256_fmadd_pd(x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return _mm256_fnmadd_pd(x, y, z); }
static inline reg reg_min(reg x, reg y) { return _mm256_min_pd(x, y); }
static inline reg reg_max(reg x, reg y) { return _mm256_max_pd(x, y); }
static inline reg reg_abs(reg x) { return _mm256_andnot_pd(_mm256_set1_pd(-0.0), x); }
static inline reg reg_copysign(reg x, reg s) {
  return _mm256_or_pd(reg_abs(x), _mm256_and_pd(_mm256_set1_pd(-0.0), s));
}
static inline reg_mask reg_lt(reg x, reg y) { return _mm256_cmp_pd(x, y, _CMP_LT_OQ); }
static inline reg reg_select(reg_mask m, reg x, reg y) { return _mm256_blendv_pd(y, x, m); }
#define V_SELECTS_BY_SIGN
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  const __m256i all = _mm256_castpd_si256(_mm256_or_pd(_mm256_xor_pd(x, y), _mm256_xor_pd(z, w)));
  return !_mm256_testz_si256(all, all);
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return _mm256_or_pd(m, n); }
static inline int reg_any(reg_mask m, reg_mask n) {
  return _mm256_movemask_pd(_mm256_or_pd(m, n)) != 0;
}
static inline unsigned reg_bits(reg_mask m) { return (unsigned)_mm256_movemask_pd(m); }
static inline reg reg_round(reg x) {
  return _mm256_round_pd(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline reg reg_power(reg x) { return _mm256_and_pd(x, _mm256_set1_pd(INFINITY)); }

/* 2^52 with n + 1023 in its low bits is the number 2^52 + n + 1023. */
static inline reg reg_exponent(reg x) {
  const __m256i biased = _mm256_srli_epi64(_mm256_castpd_si256(x), 52);
  const reg sum = _mm256_or_pd(_mm256_castsi256_pd(biased), reg_set(0x1p52));
  return reg_sub(sum, reg_set(0x1p52 + 1023));
}
/* The low bits of 1.5 * 2^52 + n + 1023 are n + 1023. */
static inline __m256i shifted_exponent(reg n) {
  return _mm256_slli_epi64(_mm256_castpd_si256(reg_add(n, reg_set(0x1.8p52 + 1023))), 52);
}
static inline reg reg_exp2i(reg n) { return _mm256_castsi256_pd(shifted_exponent(n)); }
/* A multiplication with a subnormal result takes ten times as long on some processors. So the bits
 * of a subnormal result are computed as the integer m * 2^(n + 1074), rounded once by the sum with
 * 2^52. */
static inline reg reg_scale(reg m, reg n) {
  const __m256i exponent = shifted_exponent(reg_sub(n, reg_set(1023)));
  const __m256i normal = _mm256_add_epi64(_mm256_castpd_si256(m), exponent);
  /* 2^(n + 1074), limited to 2^500: from n = -574 on every result is normal */
  const reg power = reg_exp2i(reg_min(reg_add(n, reg_set(1074)), reg_set(500)));
  const reg bits = reg_mul(reg_abs(m), power);
  const __m256i integer = _mm256_sub_epi64(_mm256_castpd_si256(reg_add(bits, reg_set(0x1p52))),
                                           _mm256_castpd_si256(reg_set(0x1p52)));
  const reg subnormal = reg_copysign(_mm256_castsi256_pd(integer), m);
  return reg_select(reg_lt(bits, reg_set(0x1p52)), subnormal, _mm256_castsi256_pd(normal));
}

/* Each piece lies in memory as a whole. Two of its numbers are loaded for four pieces, and
 * transposed. */
#define PIECES 128
#define PIECE_MAJOR
typedef __m256i reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return _mm256_and_si256(_mm256_srli_epi64(_mm256_castpd_si256(k), (int)shift),
                          _mm256_set1_epi64x(PIECES - 1));
}
static inline reg join_loads(const double *low, const double *high) {
  return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(low)), _mm_loadu_pd(high), 1);
}
static inline void reg_lookup(const double *pieces, size_t stride, reg_piece piece, reg *first,
                              reg *second) {
  const __m128i low = _mm256_castsi256_si128(piece), high = _mm256_extracti128_si256(piece, 1);
  const reg even = join_loads(pieces + (size_t)_mm_cvtsi128_si64(low) * stride,
                              pieces + (size_t)_mm_cvtsi128_si64(high) * stride);
  const reg odd = join_loads(pieces + (size_t)_mm_extract_epi64(low, 1) * stride,
                             pieces + (size_t)_mm_extract_epi64(high, 1) * stride);
  *first = _mm256_unpacklo_pd(even, odd);
  *second = _mm256_unpackhi_pd(even, odd);
}

#include "round_once.h"

static inline reg reg_load_F16(const uint16_t *p) {
  return _mm256_cvtps_pd(_mm_cvtph_ps(_mm_loadu_si64(p)));
}
static inline reg reg_load_BF16(const uint16_t *p) {
  return _mm256_cvtps_pd(
      _mm_castsi128_ps(_mm_slli_epi32(_mm_cvtepu16_epi32(_mm_loadu_si64(p)), 16)));
}
static inline void reg_store_F16(uint16_t *p, reg x) {
  const __m128 rounded = _mm256_cvtpd_ps(reg_to_F16(x));
  _mm_storeu_si64(p, _mm_cvtps_ph(rounded, _MM_FROUND_TO_NEAREST_INT));
}
static inline void reg_store_BF16(uint16_t *p, reg x) {
  const __m128i rounded = _mm_castps_si128(_mm256_cvtpd_ps(reg_to_BF16(x)));
  const __m128i high = _mm_srli_epi32(rounded, 16);
  _mm_storeu_si64(p, _mm_packus_epi32(high, high));
}
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16

#include "single.h"

#include "padded_avx2.h"

#include "lanes.h"
