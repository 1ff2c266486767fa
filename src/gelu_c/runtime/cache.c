/* The last-level cache as CPUID describes it: leaf 4 (Intel) and leaf 0x8000001D (AMD) have one format,
 * and each is empty on the other's processors. */
#include "runtime/cache.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>

static size_t largest_in(unsigned leaf) {
  size_t largest = 0;
  unsigned eax, ebx, ecx, edx;
  for (unsigned i = 0; i < 16 && __get_cpuid_count(leaf, i, &eax, &ebx, &ecx, &edx); i++) {
    if ((eax & 31) == 0)
      break; /* no more caches */
    const size_t ways = (ebx >> 22) + 1, partitions = (ebx >> 12 & 1023) + 1;
    const size_t line = (ebx & 4095) + 1, sets = (size_t)ecx + 1;
    const size_t size = ways * partitions * line * sets;
    largest = size > largest ? size : largest;
  }
  return largest;
}

size_t gf_cache_size(void) {
  const size_t size = largest_in(4);
  return size ? size : largest_in(0x8000001d);
}

#else

/* Only x86-64 has stores past the caches here (simd/). */
size_t gf_cache_size(void) { return 0; }

#endif
