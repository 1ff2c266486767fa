/* CPUID describes the last-level cache: leaf 4 on Intel and leaf 0x8000001D on AMD have the same
 * format, and each leaf is empty on processors of the other maker. */
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

/* The size is needed for streaming stores only, which simd/ has for x86-64 only. */
size_t gf_cache_size(void) { return 0; }

#endif
