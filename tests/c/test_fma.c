/* Tests gf_fma with the instruction of the processor, where there is one: with random numbers of all
 * exponents, with sums that cancel, and with results that are subnormal. It is built like test_api.c. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "runtime/cpu.h"
#include "runtime/fma.h"

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("fma"))) static double expected(double x, double y, double z) {
  return _mm_cvtsd_f64(_mm_fmadd_sd(_mm_set_sd(x), _mm_set_sd(y), _mm_set_sd(z)));
}
static int has_instruction(void) { return (gf_cpu_detect() & GF_CPU_FMA) != 0; }
#else
static double expected(double x, double y, double z) { return fma(x, y, z); }
static int has_instruction(void) { return (gf_cpu_detect() & GF_CPU_NEON) != 0; }
#endif

static uint64_t state = 88172645463325252u;

static uint64_t random_bits(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}

static double of_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* A number whose exponent is in [centre - 40, centre + 40], with few bits half of the time. */
static double near_exponent(int centre) {
  uint64_t bits = random_bits();
  if (bits & 1)
    bits &= ~(uint64_t)0 << (bits >> 1 & 63);
  const int exponent = centre + (int)(random_bits() % 81) - 40;
  const uint64_t field = exponent < -1022  ? 0
                         : exponent > 1023 ? 2046
                                           : (uint64_t)(exponent + 1023);
  return of_bits((bits & ~((uint64_t)2047 << 52)) | field << 52);
}

static long wrong, tested;

static void check(double x, double y, double z) {
  const double got = gf_fma(x, y, z), want = expected(x, y, z);
  tested++;
  if (memcmp(&got, &want, sizeof got) != 0 && !(isnan(got) && isnan(want)) && wrong++ < 5)
    printf("FAILED gf_fma(%a, %a, %a): %a, not %a\n", x, y, z, got, want);
}

int main(void) {
  static const double special[] = {
      0.0,      -0.0, 1, -1, 0x1p-1074, -0x1p-1074, 0x1p-1022, 0.5, 0x1.fffffffffffffp1023,
      INFINITY, NAN,  3};
  enum { SPECIAL = sizeof special / sizeof special[0], RANDOM = 400000 };
  if (!has_instruction()) {
    printf("ok     fma: no instruction to compare with\n");
    return 0;
  }
  for (int i = 0; i < SPECIAL; i++)
    for (int j = 0; j < SPECIAL; j++)
      for (int k = 0; k < SPECIAL; k++)
        check(special[i], special[j], special[k]);
  for (int i = 0; i < RANDOM; i++) {
    const double x = of_bits(random_bits()), y = of_bits(random_bits());
    check(x, y, of_bits(random_bits()));
    check(x, y, -x * y); /* cancels */
    check(x, y, nextafter(-x * y, i % 2 ? 0 : INFINITY));
    const int centre = (int)(random_bits() % 1000) - 500;
    check(near_exponent(centre), near_exponent(centre), near_exponent(2 * centre));
    check(near_exponent(-540), near_exponent(-520), near_exponent(-1050)); /* subnormal */
    check(near_exponent(-540), near_exponent(-500), 0);
    check(near_exponent(510), near_exponent(510), near_exponent(1010)); /* overflows */
  }
  printf("%s fma: %ld of %ld are wrong\n", wrong ? "FAILED" : "ok    ", wrong, tested);
  return wrong > 0;
}
