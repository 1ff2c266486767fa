/* The vocabulary (README.md) in plain C, one lane: for processors without a file here, and the one
 * to read first. float. */
#include <stdint.h>
#include <string.h>

typedef float real;
#define REAL_IS_FLOAT
typedef float reg;
typedef int reg_mask;
enum { REG_LANES = 1 };

#include "scalar_memory.h"

static inline uint32_t bits_of(reg x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}
static inline reg from_bits(uint32_t bits) {
  reg x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline reg reg_load_F16(const uint16_t *p) {
  const uint16_t half = half_load(p);
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  const uint32_t rest = half & 0x7fff;
  if (rest >= 0x7c00) /* infinity; NaN, made quiet */
    return from_bits(sign | 0x7f800000 | rest << 13 | (rest > 0x7c00 ? 0x400000 : 0));
  /* The bits moved into a float stand for the value times 2^-112; the product is exact. */
  const reg magnitude = from_bits(rest << 13) * 0x1p112f;
  return from_bits(sign | bits_of(magnitude));
}
static inline void reg_store_F16(uint16_t *p, reg x) {
  const uint32_t bits = bits_of(x), rest = bits & 0x7fffffff;
  uint32_t half;
  if (rest > 0x7f800000) /* NaN */
    half = 0x7e00 | ((rest >> 13) & 0x3ff);
  else if (rest >= 0x47800000) /* 65536 and more */
    half = 0x7c00;
  else if (rest < 0x38800000) /* subnormal: adding 1/2 leaves multiples of 2^-24, rounded */
    half = bits_of(from_bits(rest) + 0.5f) - 0x3f000000;
  else /* ties to even; a carry may reach the exponent, which is right */
    half = (rest - 0x38000000 + 0xfff + ((rest >> 13) & 1)) >> 13;
  half_store(p, half | (bits >> 16 & 0x8000));
}
static inline reg reg_load_BF16(const uint16_t *p) {
  return from_bits((uint32_t)half_load(p) << 16);
}
/* Half an ULP more, or a little less next to an even number, cut off. No NaN is carried away: those of
 * the inputs have a low half of 0. */
static inline void reg_store_BF16(uint16_t *p, reg x) {
  const uint32_t bits = bits_of(x);
  half_store(p, (bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
/* Where no number lies halfway, half an ULP more will do. */
static inline void reg_store_untied_BF16(uint16_t *p, reg x) {
  half_store(p, (bits_of(x) + 0x8000) >> 16);
}
#define reg_stream_F16 reg_store_F16
#define reg_stream_BF16 reg_store_BF16
#define reg_stream_untied_BF16 reg_store_untied_BF16

static inline reg reg_add(reg x, reg y) { return x + y; }
static inline reg reg_sub(reg x, reg y) { return x - y; }
static inline reg reg_mul(reg x, reg y) { return x * y; }
static inline reg reg_div(reg x, reg y) { return x / y; }
/* Through double, in which the product is exact: rounded twice, so at most 2^-29 ULP away from one
 * rounding, and ten times faster than a software fmaf where the compiler may not assume FMA. */
static inline reg reg_fma(reg x, reg y, reg z) { return (reg)((double)x * y + z); }
static inline reg reg_fnma(reg x, reg y, reg z) { return (reg)(z - (double)x * y); }
static inline reg reg_abs(reg x) { return from_bits(bits_of(x) & 0x7fffffff); }
static inline reg reg_copysign(reg x, reg s) {
  return from_bits((bits_of(x) & 0x7fffffff) | (bits_of(s) & 0x80000000));
}
static inline reg reg_min(reg x, reg y) { return x < y ? x : y; }
static inline reg reg_max(reg x, reg y) { return x > y ? x : y; }
static inline reg_mask reg_lt(reg x, reg y) { return x < y; }
static inline reg reg_select(reg_mask m, reg x, reg y) { return m ? x : y; }
static inline reg_mask reg_or(reg_mask m, reg_mask n) { return m | n; }
static inline int reg_any(reg_mask m, reg_mask n) { return m | n; }
static inline unsigned reg_bits(reg_mask m) { return (unsigned)m; }
/* Adding 1.5 * 2^23 leaves no room for a fraction. */
static inline reg reg_round(reg x) { return (x + 0x1.8p23f) - 0x1.8p23f; }

static inline reg reg_exponent(reg x) { return (reg)(bits_of(x) >> 23) - 127; }
/* n + 127, added to 1.5 * 2^23, lies in the low bits. */
static inline reg reg_exp2i(reg n) { return from_bits(bits_of(n + (0x1.8p23f + 127)) << 23); }
/* In two steps, of which the first is exact, so the result is rounded once. */
static inline reg reg_scale(reg m, reg n) {
  const reg half = reg_round(n * 0.5f);
  return m * reg_exp2i(half) * reg_exp2i(n - half);
}

#define ROWS 32
typedef uint32_t reg_row;
static inline reg_row reg_row_of(reg k, unsigned shift) { return bits_of(k) >> shift & (ROWS - 1); }
static inline reg reg_lookup(const float *column, reg_row row) { return column[row]; }

#include "single.h"

#include "lanes.h"

#include "half_table.h"
