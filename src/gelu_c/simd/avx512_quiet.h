/* Two forms of the AVX-512 instructions that round or raise floating-point flags. With GF_QUIET (loops/
 * one_vector.h) they have the rounding mode in themselves and raise no flags. These do not take operands
 * from memory, and GCC merges no masks with them: long loops would take up to 1.3 times as long.
 *
 * ROUNDED(add, ps, x, y) is _mm512_add_ps(x, y); EXACT is for instructions that do not round. */
#ifndef GF_AVX512_QUIET_H
#define GF_AVX512_QUIET_H

#define V_HAS_QUIET
#define QUIETLY (_MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#ifdef GF_QUIET
#define ROUNDED(op, type, ...) _mm512_##op##_round_##type(__VA_ARGS__, QUIETLY)
#define EXACT(op, type, ...) _mm512_##op##_round_##type(__VA_ARGS__, _MM_FROUND_NO_EXC)
#define ROUNDED_CONVERSION(types, x) _mm512_cvt_round##types(x, QUIETLY)
#define EXACT_CONVERSION(types, x) _mm512_cvt_round##types(x, _MM_FROUND_NO_EXC)
#else
#define ROUNDED(op, type, ...) _mm512_##op##_##type(__VA_ARGS__)
#define EXACT ROUNDED
#define ROUNDED_CONVERSION(types, x) _mm512_cvt##types(x)
#define EXACT_CONVERSION ROUNDED_CONVERSION
#endif

#endif
