/* The vocabulary (README.md) in plain C, one lane: double. */
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef double real;
typedef double reg;
typedef int reg_mask;
enum { REG_LANES = 1 };

static inline reg reg_add(reg x, reg y) { return x + y; }
static inline reg reg_sub(reg x, reg y) { return x - y; }
static inline reg reg_mul(reg x, reg y) { return x * y; }
static inline reg reg_div(reg x, reg y) { return x / y; }
static inline reg reg_fma(reg x, reg y, reg z) { return fma(x, y, z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return fma(-x, y, z); }
static inline reg widened(float x) { return x; }
static inline float narrowed(reg x) { return (float)x; }

#include "one_lane_f64.h"

#define ROWS 128
#define ROW_MAJOR
typedef uint64_t reg_row;
static inline reg_row reg_row_of(reg k, unsigned shift) { return bits_of(k) >> shift & (ROWS - 1); }
static inline void reg_lookup(const double *rows, size_t stride, reg_row row, reg *first,
                              reg *second) {
  *first = rows[row * stride];
  *second = rows[row * stride + 1];
}

#include "single.h"

#include "lanes.h"
