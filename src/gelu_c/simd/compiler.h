/* Attributes, pragmas and bit operations that C11 does not have. */
#ifndef GF_COMPILER_H
#define GF_COMPILER_H

#include <stdint.h>

/* A name or a string, made after macros are expanded */
#define GF_CONCAT_(a, b) a##b
#define GF_CONCAT(a, b) GF_CONCAT_(a, b)
#define GF_TEXT_(x) #x
#define GF_TEXT(x) GF_TEXT_(x)

#if defined(__CUDACC__)
#define GF_NOINLINE __noinline__
#define GF_FLATTEN
#define GF_ALWAYS_INLINE __forceinline__
#elif defined(__GNUC__) || defined(__clang__)
#define GF_NOINLINE __attribute__((noinline))
#define GF_FLATTEN __attribute__((flatten)) /* inlines what it calls */
#define GF_ALWAYS_INLINE __attribute__((always_inline)) inline
#else
#define GF_NOINLINE
#define GF_FLATTEN
#define GF_ALWAYS_INLINE inline
#endif

/* An object that another file of the library defines. */
#if defined(__GNUC__) && !defined(_WIN32)
#define GF_HIDDEN __attribute__((visibility("hidden")))
#else
#define GF_HIDDEN
#endif

/* Between these, functions hold buffers on the stack; frames elsewhere are small (build_core.py). */
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__CUDACC__)
#define GF_BUFFERS_BEGIN                                                                           \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wframe-larger-than=\"")
#define GF_BUFFERS_END _Pragma("GCC diagnostic pop")
#else
#define GF_BUFFERS_BEGIN
#define GF_BUFFERS_END
#endif

/* The compiler reads this variable from memory, even if a register holds its bytes. */
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__CUDACC__)
#define GF_IN_MEMORY(variable) __asm__("" : "+m"(variable))
#else
#define GF_IN_MEMORY(variable) ((void)(variable))
#endif

/* How many bits are set, and the number of the lowest one, if any is set */
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__CUDACC__)
static inline unsigned gf_bit_count(uint64_t bits) { return (unsigned)__builtin_popcountll(bits); }
static inline unsigned gf_lowest_bit(uint64_t bits) { return (unsigned)__builtin_ctzll(bits); }
#else
static inline unsigned gf_bit_count(uint64_t bits) {
  unsigned count = 0;
  for (; bits != 0; bits &= bits - 1)
    count++;
  return count;
}
static inline unsigned gf_lowest_bit(uint64_t bits) { return gf_bit_count((bits & -bits) - 1); }
#endif

/* x, of which the compiler knows nothing: a test of it stays in a loop, where GCC would make a second
 * loop instead. */
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__CUDACC__)
static inline int gf_opaque(int x) {
  __asm__("" : "+r"(x));
  return x;
}
#else
static inline int gf_opaque(int x) { return x; }
#endif

/* Moves bit i of the lower 16 to bit 2i. */
static inline uint32_t gf_spread_bits(uint32_t bits) {
  bits = (bits | bits << 8) & 0x00ff00ff;
  bits = (bits | bits << 4) & 0x0f0f0f0f;
  bits = (bits | bits << 2) & 0x33333333;
  return (bits | bits << 1) & 0x55555555;
}

/* Before a loop: unrolls all of it. */
#if defined(__CUDACC__)
#define GF_UNROLL _Pragma("unroll")
#elif defined(__clang__)
#define GF_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__) || defined(__clang__)
#define GF_UNROLL _Pragma("GCC unroll 64")
#else
#define GF_UNROLL
#endif

#endif
