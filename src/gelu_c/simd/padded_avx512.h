/* Copies to a vector with masked loads: a load of 64 bytes from memory that was just written in smaller
 * pieces would wait until these are in the cache. */
#ifndef GF_PADDED_AVX512_H
#define GF_PADDED_AVX512_H

#include <string.h>

#define SIMD_COPIES_PADDED
static inline void simd_copy_padded(void *to, const void *from, size_t bytes, size_t room) {
  for (size_t k = 0; k < room; k += 64) {
    const size_t left = bytes > k ? bytes - k : 0;
    const __mmask64 mask = left >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << left) - 1;
    __m512i part = _mm512_setzero_si512();
    if (left > 0)
      part = _mm512_maskz_loadu_epi8(mask, (const char *)from + k);
    _mm512_storeu_si512((char *)to + k, part);
  }
}

/* GCC would fill with registers of 32 bytes. */
#define SIMD_FILLS
static inline void simd_fill(void *to, const void *element, size_t size, size_t room) {
  uint64_t bits = 0;
  memcpy(&bits, element, size);
  const __m512i x = size == 2   ? _mm512_set1_epi16((short)bits)
                    : size == 4 ? _mm512_set1_epi32((int)bits)
                                : _mm512_set1_epi64((long long)bits);
  for (size_t k = 0; k < room; k += 64)
    _mm512_storeu_si512((char *)to + k, x);
}

#endif
