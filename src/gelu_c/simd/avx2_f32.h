/* The vocabulary (README.md) in AVX2 with FMA and F16C: float. */
#include <immintrin.h>
#include <stdint.h>

typedef float real;
#define REAL_IS_FLOAT
typedef __m256 reg;
typedef __m256 reg_mask;
enum { REG_LANES = 8 };
#define V_SLOWED_BY_SUBNORMALS

static inline reg reg_set(float c) { return _mm256_set1_ps(c); }
static inline reg reg_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void reg_store(float *p, reg x) { _mm256_storeu_ps(p, x); }
static inline void reg_stream(float *p, reg x) { _mm256_stream_ps(p, x); }

static inline __m128i to_f16(reg x) { return _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); }
#ifdef __clang__
#include "load_halves.h"
#else
static inline reg reg_load_F16(const uint16_t *p) {
  return _mm256_cvtph_ps(_mm_loadu_si128((const void *)p));
}
#endif
static inline void reg_store_F16(uint16_t *p, reg x) { _mm_storeu_si128((void *)p, to_f16(x)); }
static inline void reg_stream_F16(uint16_t *p, reg x) { _mm_stream_si128((void *)p, to_f16(x)); }
static inline void simd_stream_end(void) { _mm_sfence(); }

static inline reg reg_add(reg x, reg y) { return _mm256_add_ps(x, y); }
static inline reg reg_sub(reg x, reg y) { return _mm256_sub_ps(x, y); }
static inline reg reg_mul(reg x, reg y) { return _mm256_mul_ps(x, y); }
/* Compilers exchange the factors of a product where one of them is in memory. */
static inline reg reg_mul_in_order(reg x, reg y) {
  reg product;
  __asm__("vmulps %2, %1, %0" : "=x"(product) : "x"(x), "x"(y));
  return product;
}
#define reg_mul_in_order reg_mul_in_order
static inline reg reg_div(reg x, reg y) { return _mm256_div_ps(x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return _mm256_fmadd_ps(x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return _mm256_fnmadd_ps(x, y, z); }
static inline reg reg_min(reg x, reg y) { return _mm256_min_ps(x, y); }
static inline reg reg_max(reg x, reg y) { return _mm256_max_ps(x, y); }
static inline reg reg_abs(reg x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
static inline reg reg_min_abs(reg x, reg y) { return reg_min(y, reg_abs(x)); }
static inline reg reg_copysign(reg x, reg s) {
  return _mm256_or_ps(reg_abs(x), _mm256_and_ps(_mm256_set1_ps(-0.0f), s));
}
static inline reg_mask reg_lt(reg x, reg y) { return _mm256_cmp_ps(x, y, _CMP_LT_OQ); }
static inline reg reg_select(reg_mask m, reg x, reg y) { return _mm256_blendv_ps(y, x, m); }
#define V_SELECTS_BY_SIGN
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  const __m256i all = _mm256_castps_si256(_mm256_or_ps(_mm256_xor_ps(x, y), _mm256_xor_ps(z, w)));
  return !_mm256_testz_si256(all, all);
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return _mm256_or_ps(m, n); }
static inline int reg_any(reg_mask m, reg_mask n) {
  return _mm256_movemask_ps(_mm256_or_ps(m, n)) != 0;
}
static inline unsigned reg_bits(reg_mask m) { return (unsigned)_mm256_movemask_ps(m); }
static inline reg reg_round(reg x) {
  return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

static inline reg reg_exponent(reg x) {
  const __m256i biased = _mm256_srli_epi32(_mm256_castps_si256(x), 23);
  return reg_sub(_mm256_cvtepi32_ps(biased), reg_set(127));
}
/* The low bits of 1.5 * 2^23 + n + 127 are n + 127. */
static inline reg reg_exp2i(reg n) {
  const reg biased = reg_add(n, reg_set(0x1.8p23f + 127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(biased), 23));
}
/* A multiplication with a subnormal result takes ten times as long on some processors. So the bits
 * of a subnormal result are computed as the integer m * 2^(n + 149), rounded once by the
 * conversion. */
static inline reg reg_scale(reg m, reg n) {
  const __m256i exponent = _mm256_cvtps_epi32(n);
  const __m256i normal = _mm256_add_epi32(_mm256_castps_si256(m), _mm256_slli_epi32(exponent, 23));
  /* 2^(n + 149), limited to 2^100: from n = -49 on every result is normal */
  const __m256i raised = _mm256_min_epi32(_mm256_add_epi32(exponent, _mm256_set1_epi32(149 + 127)),
                                          _mm256_set1_epi32(100 + 127));
  const reg bits = reg_mul(reg_abs(m), _mm256_castsi256_ps(_mm256_slli_epi32(raised, 23)));
  const reg subnormal = reg_copysign(_mm256_castsi256_ps(_mm256_cvtps_epi32(bits)), m);
  return reg_select(reg_lt(bits, reg_set(0x1p23f)), subnormal, _mm256_castsi256_ps(normal));
}

#define PIECES 8
typedef __m256i reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return _mm256_srli_epi32(_mm256_castps_si256(k), (int)shift);
}
static inline reg reg_lookup(const float *column, reg_piece piece) {
  return _mm256_permutevar8x32_ps(_mm256_load_ps(column), piece);
}

/* The rows of eight lanes are loaded, and transposed. Their places in bytes, in 16 bits, go through
 * memory, which is faster than extracting them. */
#define LOOKS_UP_ROWS
static inline reg reg_low_half(reg x) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), 16));
}
static inline reg reg_join_rows(const float *row, const uint16_t *place) {
  const char *rows = (const char *)row;
  const __m128 low = _mm_load_ps((const float *)(const void *)(rows + place[0]));
  const __m128 high = _mm_load_ps((const float *)(const void *)(rows + place[8]));
  return _mm256_insertf128_ps(_mm256_castps128_ps256(low), high, 1);
}
static inline void reg_lookup_row(const float *row, reg number, reg *c0, reg *c1, reg *c2,
                                  reg *c3) {
  _Alignas(32) uint16_t place[16];
  _mm256_store_si256((void *)place, _mm256_slli_epi32(_mm256_castps_si256(number), 4));
  GF_IN_MEMORY(place);
  const reg a = reg_join_rows(row, place), b = reg_join_rows(row, place + 2);
  const reg c = reg_join_rows(row, place + 4), d = reg_join_rows(row, place + 6);
  const __m256d ab = _mm256_castps_pd(_mm256_unpacklo_ps(a, b));
  const __m256d cd = _mm256_castps_pd(_mm256_unpacklo_ps(c, d));
  *c0 = _mm256_castpd_ps(_mm256_unpacklo_pd(ab, cd));
  *c1 = _mm256_castpd_ps(_mm256_unpackhi_pd(ab, cd));
  const __m256d high_ab = _mm256_castps_pd(_mm256_unpackhi_ps(a, b));
  const __m256d high_cd = _mm256_castps_pd(_mm256_unpackhi_ps(c, d));
  *c2 = _mm256_castpd_ps(_mm256_unpacklo_pd(high_ab, high_cd));
  *c3 = _mm256_castpd_ps(_mm256_unpackhi_pd(high_ab, high_cd));
}

/* The bits below those of the 16-bit type, minus half an ULP plus `ulps`, are less than
 * 2 (ulps + 1). */
static inline reg_mask reg_near_half(reg x, int bits, int ulps) {
  const int below = (1 << bits) - 1, far = below - (2 * ulps + 1);
  const __m256i from_half = _mm256_set1_epi32(ulps - (1 << (bits - 1)));
  const __m256i distance = _mm256_add_epi32(_mm256_castps_si256(x), from_half);
  const __m256i rest = _mm256_and_si256(distance, _mm256_set1_epi32(far));
  return _mm256_castsi256_ps(_mm256_cmpeq_epi32(rest, _mm256_setzero_si256()));
}
static inline reg_mask reg_near_tie_BF16(reg x, int ulps) { return reg_near_half(x, 16, ulps); }
static inline reg_mask reg_near_tie_F16(reg x, int ulps) {
  const reg size = reg_abs(x), least = reg_set(0x1p-14f);
  const reg raise = _mm256_and_ps(reg_lt(size, least), least);
  return reg_near_half(reg_add(size, raise), 13, ulps);
}

#define V_LOOKS_UP_HALVES
#include "half_table.h"
#include "pair.h"

/* bfloat16: one register holds the elements with even numbers, the other those with odd numbers. */
#define v_bits_BF16 v_bits_BF16
static inline unsigned v_bits_BF16(v_mask m) {
  return gf_spread_bits(reg_bits(m.a)) | gf_spread_bits(reg_bits(m.b)) << 1;
}
static inline v v_load_BF16(const uint16_t *p) {
  const __m256i both = _mm256_loadu_si256((const void *)p);
  return (v){_mm256_castsi256_ps(_mm256_slli_epi32(both, 16)),
             _mm256_castsi256_ps(_mm256_and_si256(both, _mm256_set1_epi32(-65536)))};
}
/* 31 << 7: the bits of 2^-96. Those of 0 minus 1 are the largest number. */
#define v_tiny_BF16 v_tiny_BF16
static inline __m256i size_minus_1(const uint16_t *p) {
  const __m256i size =
      _mm256_and_si256(_mm256_loadu_si256((const void *)p), _mm256_set1_epi16(0x7fff));
  return _mm256_add_epi16(size, _mm256_set1_epi16(-1));
}
static inline int v_tiny_BF16(const uint16_t *p, const uint16_t *q) {
  const __m256i least = _mm256_min_epu16(size_minus_1(p), size_minus_1(q));
  const __m256i below = _mm256_subs_epu16(_mm256_set1_epi16(31 << 7), least);
  return !_mm256_testz_si256(below, below);
}
/* Rounding adds half an ULP and cuts the lower 16 bits off. If these are 0 after the addition,
 * there was a tie, and an odd result is made even. No carry changes a NaN: the lower 16 bits of NaN
 * inputs are 0. */
static inline __m256i plus_half_ulp(reg x) {
  return _mm256_add_epi32(_mm256_castps_si256(x), _mm256_set1_epi32(0x8000));
}
static inline __m256i upper_16_bits(__m256i a, __m256i b) {
  return _mm256_blend_epi16(_mm256_srli_epi32(a, 16), b, 0xaa);
}
static inline __m256i to_bf16(v x) {
  const __m256i a = plus_half_ulp(x.a), b = plus_half_ulp(x.b);
  const __m256i below = _mm256_blend_epi16(a, _mm256_slli_epi32(b, 16), 0xaa);
  const __m256i tie = _mm256_cmpeq_epi16(below, _mm256_setzero_si256());
  return _mm256_andnot_si256(_mm256_srli_epi16(tie, 15), upper_16_bits(a, b));
}
static inline void v_store_BF16(uint16_t *p, v x) { _mm256_storeu_si256((void *)p, to_bf16(x)); }
static inline void v_stream_BF16(uint16_t *p, v x) { _mm256_stream_si256((void *)p, to_bf16(x)); }

static inline __m256i untied_to_bf16(v x) {
  return upper_16_bits(plus_half_ulp(x.a), plus_half_ulp(x.b));
}
static inline void v_store_untied_BF16(uint16_t *p, v x) {
  _mm256_storeu_si256((void *)p, untied_to_bf16(x));
}
static inline void v_stream_untied_BF16(uint16_t *p, v x) {
  _mm256_stream_si256((void *)p, untied_to_bf16(x));
}

/* A gather loads 32 bits, a number and its unused neighbour, so the table has one number more. For
 * few lanes a gather is slower, and much slower if p has been streamed, because it reads p. */
static inline void v_half_table(uint16_t *p, const uint16_t *x, uint16_t first,
                                const uint16_t *table, uint16_t count, v_mask m) {
  if (gf_bit_count(v_bits(m)) <= 2) {
    const unsigned lanes = v_bits_BF16(m);
    half_table_lanes(p, x, first, table, count, lanes);
    return;
  }
  const __m256i magnitude =
      _mm256_and_si256(_mm256_loadu_si256((const void *)x), _mm256_set1_epi16(0x7fff));
  const __m256i beyond = _mm256_subs_epu16(magnitude, _mm256_set1_epi16((short)first));
  const __m256i place = _mm256_min_epu16(beyond, _mm256_set1_epi16((short)(count - 1)));
  const __m256i even = _mm256_and_si256(place, _mm256_set1_epi32(0xffff));
  const __m256i a = _mm256_i32gather_epi32((const void *)table, even, 2);
  const __m256i b = _mm256_i32gather_epi32((const void *)table, _mm256_srli_epi32(place, 16), 2);
  const __m256i found = _mm256_blend_epi16(a, _mm256_slli_epi32(b, 16), 0xaa);
  const __m256i mask = _mm256_blend_epi16(_mm256_castps_si256(m.a), _mm256_castps_si256(m.b), 0xaa);
  const __m256i old = _mm256_loadu_si256((const void *)p);
  _mm256_storeu_si256((void *)p, _mm256_blendv_epi8(old, found, mask));
}

#include "padded_avx2.h"

#include "lanes.h"
