/* The vocabulary (README.md) in AVX2 with FMA and F16C: float. */
#include <immintrin.h>
#include <stdint.h>

typedef float real;
#define REAL_IS_FLOAT
typedef __m256 reg;
typedef __m256 reg_mask;
enum { REG_LANES = 8 };

static inline reg reg_set(float c) { return _mm256_set1_ps(c); }
static inline reg reg_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void reg_store(float *p, reg x) { _mm256_storeu_ps(p, x); }
static inline void reg_stream(float *p, reg x) { _mm256_stream_ps(p, x); }

static inline __m128i half_load(const uint16_t *p) { return _mm_loadu_si128((const void *)p); }
static inline __m128i to_f16(reg x) { return _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); }
static inline reg reg_load_F16(const uint16_t *p) { return _mm256_cvtph_ps(half_load(p)); }
static inline void reg_store_F16(uint16_t *p, reg x) { _mm_storeu_si128((void *)p, to_f16(x)); }
static inline void reg_stream_F16(uint16_t *p, reg x) { _mm_stream_si128((void *)p, to_f16(x)); }
static inline void simd_stream_end(void) { _mm_sfence(); }

static inline reg reg_add(reg x, reg y) { return _mm256_add_ps(x, y); }
static inline reg reg_sub(reg x, reg y) { return _mm256_sub_ps(x, y); }
static inline reg reg_mul(reg x, reg y) { return _mm256_mul_ps(x, y); }
static inline reg reg_div(reg x, reg y) { return _mm256_div_ps(x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return _mm256_fmadd_ps(x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return _mm256_fnmadd_ps(x, y, z); }
static inline reg reg_min(reg x, reg y) { return _mm256_min_ps(x, y); }
static inline reg reg_max(reg x, reg y) { return _mm256_max_ps(x, y); }
static inline reg reg_abs(reg x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x); }
static inline reg reg_copysign(reg x, reg s) {
  return _mm256_or_ps(reg_abs(x), _mm256_and_ps(_mm256_set1_ps(-0.0f), s));
}
static inline reg_mask reg_lt(reg x, reg y) { return _mm256_cmp_ps(x, y, _CMP_LT_OQ); }
static inline reg reg_select(reg_mask m, reg x, reg y) { return _mm256_blendv_ps(y, x, m); }
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
/* n + 127, added to 1.5 * 2^23, lies in the low bits. */
static inline reg reg_exp2i(reg n) {
  const reg biased = reg_add(n, reg_set(0x1.8p23f + 127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(biased), 23));
}
/* No multiplication may give a subnormal number, as that takes ten times longer on some processors:
 * its bits are m * 2^(n + 149) as an integer, rounded once by the conversion. */
static inline reg reg_scale(reg m, reg n) {
  const __m256i exponent = _mm256_cvtps_epi32(n);
  const __m256i normal = _mm256_add_epi32(_mm256_castps_si256(m), _mm256_slli_epi32(exponent, 23));
  /* 2^(n + 149), held below overflow: at n = -49 the result is normal for every m allowed */
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

#define V_LOOKS_UP_HALVES
#include "half_table.h"
#include "pair.h"

/* bfloat16: the elements with even numbers in one register, those with odd numbers in the other. */
#define v_bits_BF16 v_bits_BF16
static inline unsigned v_bits_BF16(v_mask m) {
  return gf_spread_bits(reg_bits(m.a)) | gf_spread_bits(reg_bits(m.b)) << 1;
}
static inline v v_load_BF16(const uint16_t *p) {
  const __m256i both = _mm256_loadu_si256((const void *)p);
  return (v){_mm256_castsi256_ps(_mm256_slli_epi32(both, 16)),
             _mm256_castsi256_ps(_mm256_and_si256(both, _mm256_set1_epi32(-65536)))};
}
/* Half an ULP more, cut off; where nothing is left below, there was a tie, and an odd number is made
 * even. No NaN is carried away: those of the inputs have a low half of 0. */
static inline __m256i plus_half(reg x) {
  return _mm256_add_epi32(_mm256_castps_si256(x), _mm256_set1_epi32(0x8000));
}
static inline __m256i upper_halves(__m256i a, __m256i b) {
  return _mm256_blend_epi16(_mm256_srli_epi32(a, 16), b, 0xaa);
}
static inline __m256i to_bf16(v x) {
  const __m256i a = plus_half(x.a), b = plus_half(x.b);
  const __m256i below = _mm256_blend_epi16(a, _mm256_slli_epi32(b, 16), 0xaa);
  const __m256i tie = _mm256_cmpeq_epi16(below, _mm256_setzero_si256());
  return _mm256_andnot_si256(_mm256_srli_epi16(tie, 15), upper_halves(a, b));
}
static inline void v_store_BF16(uint16_t *p, v x) { _mm256_storeu_si256((void *)p, to_bf16(x)); }
static inline void v_stream_BF16(uint16_t *p, v x) { _mm256_stream_si256((void *)p, to_bf16(x)); }

static inline __m256i untied_to_bf16(v x) { return upper_halves(plus_half(x.a), plus_half(x.b)); }
static inline void v_store_untied_BF16(uint16_t *p, v x) {
  _mm256_storeu_si256((void *)p, untied_to_bf16(x));
}
static inline void v_stream_untied_BF16(uint16_t *p, v x) {
  _mm256_stream_si256((void *)p, untied_to_bf16(x));
}

/* Gathered in pairs of numbers, of which the second is not used: so one more follows the last. For a
 * few lanes, that is slower; and much slower where p has been streamed, and its old numbers are not at
 * hand. */
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

#include "lanes.h"
