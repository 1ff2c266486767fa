/* CPUID describes the last-level cache: leaf 4 on Intel and leaf 0x8000001D on AMD have the same
 * format, and each leaf is empty on processors of the other maker. */
#include "runtime/cache.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

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

/* Intel's caches of more than 64 MiB belong to servers. Dozens of cores share them, and a virtual
 * machine of two cores is told their whole size and that nobody else uses them. So the size, and the
 * number of sharers, say nothing about how much one thread can keep there; what it keeps, it reads
 * back hardly faster than from memory. On a machine that is told 300 MiB, results from 16 MiB on are
 * better streamed, even if they are read next (benchmarks/NOTES.md). AMD's leaf describes the part of
 * the cache that the cores beside a core share, so its size can be trusted. */
enum { LARGEST_TRUSTED = 64 << 20, SHARE = 16 << 20 };

size_t gf_cache_size(void) {
  const size_t size = largest_in(4);
  return size > LARGEST_TRUSTED ? SHARE : size ? size : largest_in(0x8000001d);
}

#else

/* The size is needed for streaming stores only, which simd/ has for x86-64 only. */
size_t gf_cache_size(void) { return 0; }

#endif
