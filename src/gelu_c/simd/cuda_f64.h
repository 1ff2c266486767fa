/* The vocabulary (README.md) for one thread of a GPU: double. It has the pieces of avx512, and its
 * results have the same bits. The compiler does not combine __dadd_rn and __dmul_rn into an FMA. */

typedef double real;
typedef double reg;
typedef bool reg_mask;
enum { REG_LANES = 1 };

static inline reg reg_add(reg x, reg y) { return __dadd_rn(x, y); }
static inline reg reg_sub(reg x, reg y) { return __dsub_rn(x, y); }
static inline reg reg_mul(reg x, reg y) { return __dmul_rn(x, y); }
static inline reg reg_div(reg x, reg y) { return __ddiv_rn(x, y); }
static inline reg reg_fma(reg x, reg y, reg z) { return __fma_rn(x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return __fma_rn(-x, y, z); }

/* A conversion in C would lose subnormal numbers of float (cuda_f32.h). */
#ifdef __CUDACC__
static inline reg widened(float x) {
  reg wide;
  asm("cvt.f64.f32 %0, %1;" : "=d"(wide) : "f"(x));
  return wide;
}
static inline float narrowed(reg x) {
  float narrow;
  asm("cvt.rn.f32.f64 %0, %1;" : "=f"(narrow) : "d"(x));
  return narrow;
}
#else
static inline reg widened(float x) { return x; }
static inline float narrowed(reg x) { return (float)x; }
#endif

#include "one_lane_f64.h"

#define PIECES 16
typedef uint64_t reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return bits_of(k) >> shift & (PIECES - 1);
}
static inline reg reg_lookup(const double *column, reg_piece piece) { return column[piece]; }

#include "single.h"
