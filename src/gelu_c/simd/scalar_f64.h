/* The vocabulary (README.md) in plain C, one lane: double. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "runtime/fma.h"

typedef double real;
typedef double reg;
typedef int reg_mask;
enum { REG_LANES = 1 };

static inline reg reg_add(reg x, reg y) { return x + y; }
static inline reg reg_sub(reg x, reg y) { return x - y; }
static inline reg reg_mul(reg x, reg y) { return x * y; }
/* Compilers exchange the factors of a product. */
static inline reg reg_mul_in_order(reg x, reg y) {
#if defined(__x86_64__)
  __asm__("mulsd %1, %0" : "+x"(x) : "x"(y));
  return x;
#elif defined(__aarch64__)
  __asm__("fmul %d0, %d0, %d1" : "+w"(x) : "w"(y));
  return x;
#else
  return x * y;
#endif
}
#define reg_mul_in_order reg_mul_in_order
static inline reg reg_div(reg x, reg y) { return x / y; }
#if defined(__MINGW32__) /* its fma rounds twice */
#define EXACT_FMA gf_fma
#else
#define EXACT_FMA fma
#endif
static inline reg reg_fma(reg x, reg y, reg z) { return EXACT_FMA(x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return EXACT_FMA(-x, y, z); }
#undef EXACT_FMA
static inline reg widened(float x) { return x; }
static inline float narrowed(reg x) { return (float)x; }

#include "one_lane_f64.h"

#define PIECES 128
#define PIECE_MAJOR
#define V_CALLS_TAILS
typedef uint64_t reg_piece;
static inline reg_piece reg_piece_of(reg k, unsigned shift) {
  return bits_of(k) >> shift & (PIECES - 1);
}
static inline void reg_lookup(const double *pieces, size_t stride, reg_piece piece, reg *first,
                              reg *second) {
  *first = pieces[piece * stride];
  *second = pieces[piece * stride + 1];
}

#include "single.h"

#include "lanes.h"
