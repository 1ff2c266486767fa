/* The vocabulary (README.md) in AVX-512 F, BW, DQ and VL: float. */
#include <immintrin.h>
#include <stdint.h>

typedef float real;
#define REAL_IS_FLOAT
typedef __m512 reg;
typedef __mmask16 reg_mask;
#include "avx512_quiet.h"
enum { REG_LANES = 16 };
#define V_SLOWED_BY_SUBNORMALS

static inline reg reg_set(float c) { return _mm512_set1_ps(c); }
static inline reg reg_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void reg_store(float *p, reg x) { _mm512_storeu_ps(p, x); }
static inline void reg_stream(float *p, reg x) { _mm512_stream_ps(p, x); }

#ifdef GF_QUIET
/* GCC 12 has no intrinsic for it. */
static inline __m256i to_f16(reg x) {
#if defined(__GNUC__) || defined(__clang__)
  __m256i halves;
  __asm__("vcvtps2ph $0, %{sae%}, %1, %0" : "=v"(halves) : "v"(x));
  return halves;
#else
  return _mm512_cvt_roundps_ph(x, QUIETLY);
#endif
}
#else
static inline __m256i to_f16(reg x) { return _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); }
#endif
#ifdef __clang__
#include "load_halves.h"
#else
static inline reg reg_load_F16(const uint16_t *p) {
  return EXACT_CONVERSION(ph_ps, _mm256_loadu_si256((const void *)p));
}
#endif
static inline void reg_store_F16(uint16_t *p, reg x) { _mm256_storeu_si256((void *)p, to_f16(x)); }
static inline void reg_stream_F16(uint16_t *p, reg x) { _mm256_stream_si256((void *)p, to_f16(x)); }
static inline void simd_stream_end(void) { _mm_sfence(); }

static inline reg reg_add(reg x, reg y) { return ROUNDED(add, ps, x, y); }
static inline reg reg_sub(reg x, reg y) { return ROUNDED(sub, ps, x, y); }
static inline reg reg_mul(reg x, reg y) { return ROUNDED(mul, ps, x, y); }
static inline reg reg_div(reg x, reg y) { return ROUNDED(div, ps, x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return ROUNDED(fmadd, ps, x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return ROUNDED(fnmadd, ps, x, y, z); }
static inline reg reg_min(reg x, reg y) { return EXACT(min, ps, x, y); }
static inline reg reg_max(reg x, reg y) { return EXACT(max, ps, x, y); }
static inline reg reg_abs(reg x) { return _mm512_abs_ps(x); }
/* 10: of the magnitudes the smaller, without a sign; the other operand if one is NaN */
static inline reg reg_min_abs(reg x, reg y) { return EXACT(range, ps, x, y, 10); }
static inline reg reg_copysign(reg x, reg s) {
  /* ternary logic 0xca: the second operand where the first has a 1 bit, otherwise the third */
  return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
      _mm512_set1_epi32(INT32_MAX), _mm512_castps_si512(x), _mm512_castps_si512(s), 0xca));
}
static inline reg reg_round(reg x) {
  return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline reg reg_exponent(reg x) { return EXACT(getexp, ps, x); }
/* The low bits of 1.5 * 2^23 + n + 127 are n + 127. */
static inline reg reg_exp2i(reg n) {
  const reg biased = reg_add(n, reg_set(0x1.8p23f + 127));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(biased), 23));
}

static inline reg_mask reg_lt(reg x, reg y) { return EXACT(cmp, ps_mask, x, y, _CMP_LT_OQ); }
static inline reg reg_select(reg_mask m, reg x, reg y) { return _mm512_mask_blend_ps(m, y, x); }
static inline int reg_any(reg_mask m, reg_mask n) { return !_kortestz_mask16_u8(m, n); }
static inline int reg_differ(reg x, reg y, reg z, reg w) {
  return !_kortestz_mask16_u8(
      _mm512_cmpneq_epi32_mask(_mm512_castps_si512(x), _mm512_castps_si512(y)),
      _mm512_cmpneq_epi32_mask(_mm512_castps_si512(z), _mm512_castps_si512(w)));
}
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return (reg_mask)(m | n); }
static inline unsigned reg_bits(reg_mask m) { return m; }
/* vscalefps takes a hundred times as long on Intel's processors if the result is subnormal or
 * underflows to 0. So the bits of a subnormal result are computed as the integer m * 2^(n + 149),
 * rounded once by the conversion. */
static inline reg reg_scale(reg m, reg n) {
  const __m512i exponent = ROUNDED_CONVERSION(ps_epi32, n);
  const __m512i normal = _mm512_add_epi32(_mm512_castps_si512(m), _mm512_slli_epi32(exponent, 23));
  /* 2^(n + 149), limited to 2^100: from n = -49 on every result is normal */
  const __m512i raised = _mm512_min_epi32(_mm512_add_epi32(exponent, _mm512_set1_epi32(149 + 127)),
                                          _mm512_set1_epi32(100 + 127));
  const reg bits = reg_mul(reg_abs(m), _mm512_castsi512_ps(_mm512_slli_epi32(raised, 23)));
  const reg subnormal = reg_copysign(_mm512_castsi512_ps(ROUNDED_CONVERSION(ps_epi32, bits)), m);
  return reg_select(reg_lt(bits, reg_set(0x1p23f)), subnormal, _mm512_castsi512_ps(normal));
}

#define V_MERGES
#define PIECES 32
typedef __m512i reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return _mm512_srli_epi32(_mm512_castps_si512(k), shift);
}
static inline reg reg_lookup(const float *column, reg_piece piece) {
  return _mm512_permutex2var_ps(_mm512_load_ps(column), piece, _mm512_load_ps(column + 16));
}

/* Compressed in a register, because the compressing store is microcode on Zen 4. */
static inline void reg_pack(float *p, const float *from, unsigned lanes) {
  _mm512_storeu_ps(p, _mm512_maskz_compress_ps((reg_mask)lanes, reg_load(from)));
}
static inline void reg_unpack(float *p, const float *packed, unsigned lanes) {
  const reg spread = _mm512_maskz_expand_ps((reg_mask)lanes, reg_load(packed));
  _mm512_mask_storeu_ps(p, (reg_mask)lanes, spread);
}

/* The bits below those of the 16-bit type, minus half an ULP plus `ulps`, are less than
 * 2 (ulps + 1). */
static inline reg_mask reg_near_half(reg x, int bits, int ulps) {
  const int below = (1 << bits) - 1, far = below - (2 * ulps + 1);
  const __m512i from_half = _mm512_set1_epi32(ulps - (1 << (bits - 1)));
  return _mm512_testn_epi32_mask(_mm512_add_epi32(_mm512_castps_si512(x), from_half),
                                 _mm512_set1_epi32(far));
}
static inline reg_mask reg_near_tie_BF16(reg x, int ulps) { return reg_near_half(x, 16, ulps); }
static inline reg_mask reg_near_tie_F16(reg x, int ulps) {
  const reg size = reg_abs(x), least = reg_set(0x1p-14f);
  const reg_mask subnormal = reg_lt(size, least);
  return reg_near_half(ROUNDED(mask_add, ps, size, subnormal, size, least), 13, ulps);
}

#include "pair.h"
#include "simd/compiler.h"

/* bfloat16: one register holds the elements with even numbers, the other those with odd numbers. */
#define v_bits_BF16 v_bits_BF16
static inline unsigned v_bits_BF16(v_mask m) {
  return gf_spread_bits(reg_bits(m.a)) | gf_spread_bits(reg_bits(m.b)) << 1;
}
static inline v v_load_BF16(const uint16_t *p) {
  const __m512i both = _mm512_loadu_si512(p);
  return (v){_mm512_castsi512_ps(_mm512_slli_epi32(both, 16)),
             _mm512_castsi512_ps(_mm512_and_si512(both, _mm512_set1_epi32(-65536)))};
}
/* 31 << 7: the bits of 2^-96. Those of 0 minus 1 are the largest number. */
#define v_tiny_BF16 v_tiny_BF16
static inline __m512i size_minus_1(const uint16_t *p) {
  const __m512i size = _mm512_and_si512(_mm512_loadu_si512(p), _mm512_set1_epi16(0x7fff));
  return _mm512_add_epi16(size, _mm512_set1_epi16(-1));
}
static inline int v_tiny_BF16(const uint16_t *p, const uint16_t *q) {
  const __m512i least = _mm512_min_epu16(size_minus_1(p), size_minus_1(q));
  return _mm512_cmplt_epu16_mask(least, _mm512_set1_epi16(31 << 7)) != 0;
}
static inline __m512i upper_16_bits(__m512i a, __m512i b) {
  return _mm512_mask_blend_epi16(0xaaaaaaaa, _mm512_srli_epi32(a, 16), b);
}
/* Rounding adds half an ULP, or one unit less if the upper 16 bits are even, and cuts the lower 16
 * bits off. No carry changes a NaN: the lower 16 bits of NaN inputs are 0. */
static inline __m512i plus_half_ulp(reg x) {
  const __m512i bits = _mm512_castps_si512(x), one = _mm512_set1_epi32(1);
  const __mmask16 odd = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(0x10000));
  const __m512i sum = _mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff));
  return _mm512_mask_add_epi32(sum, odd, sum, one);
}
static inline __m512i to_bf16(v x) { return upper_16_bits(plus_half_ulp(x.a), plus_half_ulp(x.b)); }
static inline void v_store_BF16(uint16_t *p, v x) { _mm512_storeu_si512(p, to_bf16(x)); }
static inline void v_stream_BF16(uint16_t *p, v x) { _mm512_stream_si512((void *)p, to_bf16(x)); }

/* If no number lies halfway, adding half an ULP is enough. */
static inline __m512i untied_to_bf16(v x) {
  const __m512i half_ulp = _mm512_set1_epi32(0x8000);
  return upper_16_bits(_mm512_add_epi32(_mm512_castps_si512(x.a), half_ulp),
                       _mm512_add_epi32(_mm512_castps_si512(x.b), half_ulp));
}
static inline void v_store_untied_BF16(uint16_t *p, v x) {
  _mm512_storeu_si512(p, untied_to_bf16(x));
}
static inline void v_stream_untied_BF16(uint16_t *p, v x) {
  _mm512_stream_si512((void *)p, untied_to_bf16(x));
}

static inline void v_half_table(uint16_t *p, const uint16_t *x, uint16_t first,
                                const uint16_t *table, uint16_t count, v_mask m) {
  const __m512i magnitude = _mm512_and_si512(_mm512_loadu_si512(x), _mm512_set1_epi16(0x7fff));
  const __m512i beyond = _mm512_subs_epu16(magnitude, _mm512_set1_epi16((short)first));
  const __m512i place = _mm512_min_epu16(beyond, _mm512_set1_epi16((short)(count - 1)));
  __m512i found = _mm512_setzero_si512();
  GF_UNROLL
  for (int k = 0; k < count; k += 64) {
    const __m512i low = _mm512_load_si512(table + k), high = _mm512_load_si512(table + k + 32);
    const __mmask32 here = _mm512_cmpge_epu16_mask(place, _mm512_set1_epi16((short)k));
    found = _mm512_mask_mov_epi16(found, here, _mm512_permutex2var_epi16(low, place, high));
  }
  const unsigned lanes = v_bits_BF16(m);
  _mm512_mask_storeu_epi16(p, lanes, found);
}

#include "padded_avx512.h"

#include "lanes_compressed.h"
