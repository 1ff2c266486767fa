/* Numbers next to 0. On Intel's processors a multiplication with a subnormal number takes a hundred
 * times as long as another one, so a chunk with such numbers is evaluated while the processor takes
 * them for 0. A file of mathematics says what the function is next to 0 (NAME_NEAR_ZERO), and what
 * the kernel would have computed there follows by integers.
 *
 * Numbers that are not subnormal but near to it may have subnormal intermediate results, so numbers
 * below 2^-100 count as next to 0 (float64: 2^-960). For all others the bits are the same in both
 * ways (tests/c/test_near_zero.c). */
#ifndef GF_NEAR_ZERO_H
#define GF_NEAR_ZERO_H

#include "loops/evaluate.h"
#include "runtime/kernel.h"

enum { LONG_CALL = 4 * CHUNK };

static uint64_t evaluate_chunk(const gf_kernel *kernel, const char *const *in, char *const *out,
                               size_t n, gf_reach reach) {
  if (HAS_FAR && reach != GF_NEAR)
    return kernel->evaluate_far(in, out, n, reach == GF_STREAMED);
  return kernel->evaluate(in, out, n);
}

#if defined(V_SLOWED_BY_SUBNORMALS) && !ENDS_AS_HALF && !IS_DOUBTED

#include "runtime/fpenv.h"

#ifdef REAL_IS_FLOAT
typedef uint32_t bits_of_element;
#define LEAST 0x1p-100f /* the first number that is not near */
#define FRACTION_BITS 23
#define NEAR_ZERO_EXPONENT (127 - 100)
#else
typedef uint64_t bits_of_element;
#define LEAST 0x1p-960
#define FRACTION_BITS 52
#define NEAR_ZERO_EXPONENT (1023 - 960)
#endif
#define UNIT ((bits_of_element)1 << FRACTION_BITS)
#define SIGN ((bits_of_element)1 << (8 * sizeof(ELEMENT) - 1))
#define NEAR_ZERO (NEAR_ZERO_EXPONENT * UNIT) /* the bits of LEAST */

/* Whether there is a number next to 0, but not 0 */
static GF_NOINLINE int is_any_near_zero(const char *x, size_t n) {
  bits_of_element found = 0;
  for (size_t i = 0; i < n; i++) {
    bits_of_element bits;
    memcpy(&bits, x + i * sizeof bits, sizeof bits);
    found |= (bits & ~SIGN) - 1 < NEAR_ZERO - 1;
  }
  return found != 0;
}

/* x / 2 as the kernels compute it: x - h for x > 0 and h for x < 0, where h is half of x, rounded to
 * even. Below twice the smallest normal number the bits are a multiple of the smallest number. */
static inline bits_of_element half_of(bits_of_element magnitude, bits_of_element sign) {
  const bits_of_element rounded = (magnitude + (magnitude >> 1 & 1)) >> 1;
  const bits_of_element small = sign ? rounded : magnitude - rounded;
  return magnitude < 2 * UNIT ? small : magnitude - UNIT;
}

/* Puts the results in their places for the numbers next to 0 that were taken for 0. */
static GF_NOINLINE void correct_near_zero(gf_near_zero what, const char *x, char *out, size_t n) {
  if (what == GF_NEAR_ZERO_CONSTANT) /* the result at 0 is right */
    return;
  const bits_of_element is_half = (bits_of_element)0 - (what == GF_NEAR_ZERO_HALF_X);
  for (size_t i = 0; i < n; i++) {
    bits_of_element bits, old;
    memcpy(&bits, x + i * sizeof bits, sizeof bits);
    memcpy(&old, out + i * sizeof old, sizeof old);
    const bits_of_element sign = bits & SIGN, magnitude = bits & ~SIGN;
    const bits_of_element half = half_of(magnitude, sign);
    const bits_of_element result = sign | (half & is_half) | (magnitude & ~is_half);
    old = magnitude < NEAR_ZERO ? result : old;
    memcpy(out + i * sizeof old, &old, sizeof old);
  }
}

/* Whether a call should look for numbers next to 0; the first vector stands for a short call. */
static inline int is_suspect(const gf_kernel *kernel, const char *const *in, size_t n) {
  if (kernel->near_zero == GF_NEAR_ZERO_UNKNOWN)
    return 0;
  const v x = v_abs(LOAD((const ELEMENT *)in[0]));
  return n >= LONG_CALL || (v_bits(v_lt(x, v_set(LEAST))) & v_bits(v_lt(v_set(0), x))) != 0;
}

static uint64_t evaluate_near_zero(const gf_kernel *kernel, const char *const *in, char *const *out,
                                   size_t n, gf_reach reach) {
  gf_fpenv_take_subnormals_for_zero(1);
  const uint64_t flags = evaluate_chunk(kernel, in, out, n, reach);
  gf_fpenv_take_subnormals_for_zero(0);
  correct_near_zero(kernel->near_zero, in[0], out[0], n);
  return flags;
}

/* Evaluates a chunk; returns the flags of the vectors. is_wary: whether to look for numbers next to 0;
 * afterwards, whether to do so in the next chunk. Long calls ask the processor whether it had any. */
static uint64_t evaluate_warily(const gf_kernel *kernel, const char *const *in, char *const *out,
                                size_t n, gf_reach reach, int *is_wary, int is_long) {
  if (*is_wary && is_any_near_zero(in[0], n))
    return evaluate_near_zero(kernel, in, out, n, reach);
  if (*is_wary && is_long)
    gf_fpenv_forget_subnormals();
  const uint64_t flags = evaluate_chunk(kernel, in, out, n, reach);
  *is_wary = is_long && kernel->near_zero != GF_NEAR_ZERO_UNKNOWN && gf_fpenv_had_subnormals();
  return flags;
}

#else

static inline int is_suspect(const gf_kernel *kernel, const char *const *in, size_t n) {
  (void)kernel, (void)in, (void)n;
  return 0;
}

static uint64_t evaluate_near_zero(const gf_kernel *kernel, const char *const *in, char *const *out,
                                   size_t n, gf_reach reach) {
  return evaluate_chunk(kernel, in, out, n, reach);
}

static uint64_t evaluate_warily(const gf_kernel *kernel, const char *const *in, char *const *out,
                                size_t n, gf_reach reach, int *is_wary, int is_long) {
  (void)is_wary, (void)is_long;
  return evaluate_chunk(kernel, in, out, n, reach);
}

#endif
#endif
