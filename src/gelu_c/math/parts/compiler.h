/* What C11 has no word for. */
#ifndef GF_COMPILER_H
#define GF_COMPILER_H

#if defined(__GNUC__)
#define GF_NOINLINE __attribute__((noinline))
#define GF_UNLIKELY(condition) __builtin_expect(condition, 0)
#else
#define GF_NOINLINE
#define GF_UNLIKELY(condition) (condition)
#endif

/* before a loop: unroll it whole */
#if defined(__clang__)
#define GF_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define GF_UNROLL _Pragma("GCC unroll 64")
#else
#define GF_UNROLL
#endif

#endif
