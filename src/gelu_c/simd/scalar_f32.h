/* The vocabulary (README.md) in plain C, one lane: float. It serves processors that have no file
 * here. Read this file first. */
#include <stdint.h>
#include <string.h>

typedef float real;
#define REAL_IS_FLOAT
typedef float reg;
typedef int reg_mask;
#define V_CALLS_TAILS
enum { REG_LANES = 1 };

static inline reg reg_add(reg x, reg y) { return x + y; }
static inline reg reg_sub(reg x, reg y) { return x - y; }
static inline reg reg_mul(reg x, reg y) { return x * y; }
/* Compilers exchange the factors of a product. */
static inline reg reg_mul_in_order(reg x, reg y) {
#if defined(__x86_64__)
  __asm__("mulss %1, %0" : "+x"(x) : "x"(y));
  return x;
#elif defined(__aarch64__)
  __asm__("fmul %s0, %s0, %s1" : "+w"(x) : "w"(y));
  return x;
#else
  return x * y;
#endif
}
#define reg_mul_in_order reg_mul_in_order
static inline reg reg_div(reg x, reg y) { return x / y; }
/* The product is exact in double, and the sum is rounded twice: at most 2^-29 ULP away from a sum
 * that is rounded once. If the compiler may not assume FMA instructions, fmaf in software takes ten
 * times as long. */
static inline reg reg_fma(reg x, reg y, reg z) { return (reg)((double)x * y + z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return (reg)(z - (double)x * y); }
static inline reg_mask reg_lt(reg x, reg y) { return x < y; }

#include "one_lane_f32.h"

static inline reg reg_load_F16(const uint16_t *p) { return float_of_half(half_load(p)); }
static inline void reg_store_F16(uint16_t *p, reg x) { half_store(p, half_of_float(x)); }

#include "single.h"

#include "lanes.h"

#include "half_table.h"
