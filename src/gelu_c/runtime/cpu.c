/* CPU detection by CPUID and XGETBV. The compiler's built-in needs a run-time library of the
 * compiler, and in some versions it does not ask the operating system. */
#include "runtime/cpu.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <cpuid.h>

/* The register sets that the operating system saves (XCR0). */
enum { XCR0_AVX = 0x06, XCR0_AVX512 = 0xe6 };

static unsigned xcr0(void) {
  unsigned eax, edx;
  __asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  (void)edx;
  return eax;
}

static unsigned bit(unsigned word, int position, unsigned feature) {
  return (word >> position) & 1 ? feature : 0;
}

unsigned gf_cpu_detect(void) {
  unsigned eax, ebx, ecx, edx, found = 0;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx))
    return 0;
  const unsigned osxsave = (ecx >> 27) & 1;
  const unsigned saved = osxsave ? xcr0() : 0;
  if ((saved & XCR0_AVX) != XCR0_AVX)
    return 0;
  found |= bit(ecx, 12, GF_CPU_FMA) | bit(ecx, 29, GF_CPU_F16C);
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx))
    return found;
  found |= bit(ebx, 5, GF_CPU_AVX2);
  if ((saved & XCR0_AVX512) != XCR0_AVX512)
    return found;
  return found | bit(ebx, 16, GF_CPU_AVX512F) | bit(ebx, 17, GF_CPU_AVX512DQ) |
         bit(ebx, 30, GF_CPU_AVX512BW) | bit(ebx, 31, GF_CPU_AVX512VL) |
         bit(ecx, 1, GF_CPU_AVX512VBMI);
}

#elif defined(__aarch64__)

/* Every AArch64 processor has Advanced SIMD with fused multiply-add. */
unsigned gf_cpu_detect(void) { return GF_CPU_NEON; }

#else

unsigned gf_cpu_detect(void) { return 0; }

#endif
