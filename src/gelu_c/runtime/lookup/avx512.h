/* vpermi2b looks up the low seven bits of an index in 128 bytes. It is used once for the lower and
 * once for the upper 128 bytes of the table, and bit 7 chooses. The instruction belongs to AVX-512
 * VBMI; a CPU that has the AVX-512 of isa.def but not VBMI uses the lookup of AVX2. */
#include <immintrin.h>

#include "runtime/atomic.h"
#include "runtime/cpu.h"

extern gf_lookup_kernel gf_lookup_avx2;
#define LOOKUP_ELSE gf_lookup_avx2
#define LOOKUP_NEEDS lookup_has_vbmi

/* Detected at the first call. Threads that detect at the same time find the same. */
static int lookup_has_vbmi(void) {
  enum { YES = 1, NO };
  static int known;
  int found = GF_ATOMIC_LOAD(known);
  if (!found) {
    found = gf_cpu_detect() & GF_CPU_AVX512VBMI ? YES : NO;
    GF_ATOMIC_STORE(known, found);
  }
  return found == YES;
}

typedef struct {
  __m512i part[4];
} lookup_table;

typedef __m512i lookup_bytes;

enum { LOOKUP_BLOCK = 64 };
#define LOOKUP_TARGET __attribute__((target("avx512vbmi")))

LOOKUP_TARGET static inline lookup_table lookup_prepare(const uint8_t *table) {
  lookup_table t;
  for (int i = 0; i < 4; i++)
    t.part[i] = _mm512_loadu_si512(table + 64 * i);
  return t;
}

LOOKUP_TARGET static inline lookup_bytes lookup_block(const lookup_table *t, const uint8_t *x) {
  const __m512i index = _mm512_loadu_si512(x);
  const __m512i low = _mm512_permutex2var_epi8(t->part[0], index, t->part[1]);
  const __m512i high = _mm512_permutex2var_epi8(t->part[2], index, t->part[3]);
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(index), low, high);
}

LOOKUP_TARGET static inline void lookup_store(uint8_t *out, lookup_bytes v) {
  _mm512_storeu_si512(out, v);
}

LOOKUP_TARGET static inline void lookup_stream(uint8_t *out, lookup_bytes v) {
  _mm512_stream_si512((__m512i *)out, v);
}

LOOKUP_TARGET static inline void lookup_stream_end(void) { _mm_sfence(); }
