/* The vocabulary (README.md) for one thread of a GPU: float. It has the pieces of avx512, and each
 * operation rounds as IEEE 754 says, so its results have the same bits.
 *
 * Float arithmetic is written as PTX instructions, because CuPy makes NVRTC compile with -ftz=true:
 * an addition in C then loses subnormal numbers. The tests compile the C expression beside each
 * instruction for the CPU. */

typedef float real;
#define REAL_IS_FLOAT
typedef float reg;
typedef bool reg_mask;
enum { REG_LANES = 1 };

/* Returns the result of an instruction on the GPU, of the C expression elsewhere */
#ifdef __CUDACC__
#define RETURN(T, constraint, c, text, ...)                                                        \
  T out;                                                                                           \
  asm(text : constraint(out) : __VA_ARGS__);                                                       \
  return out
#else
#define RETURN(T, constraint, c, text, ...) return c
#endif
#define RETURN_2(c, text) RETURN(reg, "=f", c, text " %0, %1, %2;", "f"(x), "f"(y))
#define RETURN_3(c, text) RETURN(reg, "=f", c, text, "f"(x), "f"(y), "f"(z))

static inline reg reg_add(reg x, reg y) { RETURN_2(x + y, "add.rn.f32"); }
static inline reg reg_sub(reg x, reg y) { RETURN_2(x - y, "sub.rn.f32"); }
static inline reg reg_mul(reg x, reg y) { RETURN_2(x * y, "mul.rn.f32"); }
static inline reg reg_div(reg x, reg y) { RETURN_2(x / y, "div.rn.f32"); }
static inline reg reg_fma(reg x, reg y, reg z) {
  RETURN_3(__builtin_fmaf(x, y, z), "fma.rn.f32 %0, %1, %2, %3;");
}
static inline reg reg_fnma(reg x, reg y, reg z) {
  RETURN_3(__builtin_fmaf(-x, y, z), "{.reg .f32 m; neg.f32 m, %1; fma.rn.f32 %0, m, %2, %3;}");
}
static inline int is_less(reg x, reg y) {
  RETURN(int, "=r", x < y, "{.reg .pred p; setp.lt.f32 p, %1, %2; selp.s32 %0, 1, 0, p;}", "f"(x),
         "f"(y));
}
static inline reg_mask reg_lt(reg x, reg y) { return is_less(x, y) != 0; }

#include "one_lane_f32.h"

static inline reg from_half(uint16_t half) {
  RETURN(reg, "=f", float_of_half(half), "cvt.f32.f16 %0, %1;", "h"(half));
}
static inline uint16_t to_half(reg x) {
  RETURN(uint16_t, "=h", half_of_float(x), "cvt.rn.f16.f32 %0, %1;", "f"(x));
}
static inline reg reg_load_F16(const uint16_t *p) { return from_half(half_load(p)); }
static inline void reg_store_F16(uint16_t *p, reg x) { half_store(p, to_half(x)); }

#include "single.h"

#include "half_table.h"
