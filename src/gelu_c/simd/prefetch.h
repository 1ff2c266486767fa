/* Prefetches: the line of an address is brought near before it is read or written. The address may
 * lie outside of every array; then nothing happens. The vector instruction sets of x86-64 have them,
 * elsewhere the words do nothing. */
#ifndef GF_PREFETCH_H
#define GF_PREFETCH_H

#include <stdint.h>

enum { LINE_BYTES = 64 };

/* SIMD_HAS_FAR: 1 if there are prefetches or streaming stores, so that a loop with them differs from one
 * without. */
#if defined(__AVX__)
#define SIMD_HAS_FAR 1
#else
#define SIMD_HAS_FAR 0
#endif

#if defined(__AVX__) && (defined(__GNUC__) || defined(__clang__))

/* They are assembly, because GCC 12 deletes calls of a function that only contains
 * __builtin_prefetch, and makes prefetchw of it only with a flag that is not part of AVX2. */
static inline void simd_prefetch(uintptr_t address) {
  __asm__ volatile("prefetcht0 %0" : : "m"(*(const char *)address));
}
static inline void simd_prefetch_to_write(uintptr_t address) {
  __asm__ volatile("prefetchw %0" : : "m"(*(const char *)address));
}

#else

static inline void simd_prefetch(uintptr_t address) { (void)address; }
static inline void simd_prefetch_to_write(uintptr_t address) { (void)address; }

#endif

#endif
