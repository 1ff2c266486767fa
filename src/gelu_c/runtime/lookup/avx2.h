/* pshufb looks up the low four bits of an index in a line of 16 bytes, and gives 0 if bit 7 of the
 * index is set. This file uses that zero to choose the line.
 *
 * For indices below 128 the even lines are l0 l2 l4 l6. Their differences l0, l0^l2, l2^l4, l4^l6
 * are looked up one after the other, and 32 is subtracted from the index after each, saturating at
 * -128: as soon as the index is negative, the lookups give 0. The xor of all four is the byte of
 * the right even line. The odd lines are treated in the same way, and bit 4 of the index chooses
 * between even and odd. For indices from 128 on, the same is done with bit 7 of the index flipped.
 * This is less work than a tree of blends by bits 4 to 7, or than steps of 16
 * (benchmarks/NOTES.md). */
#include <immintrin.h>

typedef struct {
  _Alignas(16) uint8_t line[16][16];
} lookup_table;

typedef __m256i lookup_bytes;

enum { LOOKUP_BLOCK = 32 };
#define LOOKUP_TARGET

static inline lookup_table lookup_prepare(const uint8_t *table) {
  lookup_table t;
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++)
      t.line[i][j] = table[16 * i + j] ^ (i % 8 < 2 ? 0 : table[16 * (i - 2) + j]);
  return t;
}

static inline __m256i lookup_line(const lookup_table *t, int i, __m256i index) {
  const __m128i line = _mm_load_si128((const __m128i *)t->line[i]);
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(line), index);
}

static inline lookup_bytes lookup_block(const lookup_table *t, const uint8_t *x) {
  const __m256i index = _mm256_loadu_si256((const __m256i *)x), step = _mm256_set1_epi8(32);
  __m256i low = index, high = _mm256_xor_si256(index, _mm256_set1_epi8(-128));
  __m256i even = _mm256_setzero_si256(), odd = even;
  for (int i = 0; i < 8; i += 2) {
    const __m256i e = _mm256_xor_si256(lookup_line(t, i, low), lookup_line(t, i + 8, high));
    const __m256i o = _mm256_xor_si256(lookup_line(t, i + 1, low), lookup_line(t, i + 9, high));
    even = _mm256_xor_si256(even, e);
    odd = _mm256_xor_si256(odd, o);
    low = _mm256_subs_epi8(low, step);
    high = _mm256_subs_epi8(high, step);
  }
  return _mm256_blendv_epi8(even, odd, _mm256_slli_epi16(index, 3)); /* bit 4 becomes bit 7 */
}

static inline void lookup_store(uint8_t *out, lookup_bytes v) {
  _mm256_storeu_si256((__m256i *)out, v);
}

static inline void lookup_stream(uint8_t *out, lookup_bytes v) {
  _mm256_stream_si256((__m256i *)out, v);
}

static inline void lookup_stream_end(void) { _mm_sfence(); }
