/* Copies to a vector with masked loads: a load of 32 bytes from memory that was just written in smaller
 * pieces would wait until these are in the cache. */
#ifndef GF_PADDED_AVX2_H
#define GF_PADDED_AVX2_H

#include <string.h>

#define SIMD_COPIES_PADDED
static inline void simd_copy_padded(void *to, const void *from, size_t bytes, size_t room) {
  const __m256i number = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  for (size_t k = 0; k < room; k += 32) {
    const char *const part = (const char *)from + k;
    const int left = bytes > k ? (int)(bytes - k) : 0, words = left / 4;
    const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(words), number);
    __m256i x = _mm256_maskload_epi32((const int *)(const void *)part, mask);
    if (left % 4 != 0 && words < 8) { /* a 16-bit element more */
      uint16_t last;
      memcpy(&last, part + (size_t)words * 4, sizeof last);
      const __m256i here = _mm256_cmpeq_epi32(_mm256_set1_epi32(words), number);
      x = _mm256_or_si256(x, _mm256_and_si256(here, _mm256_set1_epi32(last)));
    }
    _mm256_storeu_si256((void *)((char *)to + k), x);
  }
}

#endif
