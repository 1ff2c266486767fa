/* One function on arrays, for one instruction set: vocabulary (simd/GF_ISA.h) + mathematics
 * (math/GF_FUNCTION.h). Compiled once per function and instruction set.
 *
 * An array goes through whole vectors; its remainder goes through the same vector code in a padded
 * lane buffer, so that a value's result does not depend on where it stands. Strided arrays are
 * gathered into, and scattered from, a block on the stack. */
#include "kernels.h"

#include <stdint.h>
#include <string.h>

#define GF_TEXT_(x) #x
#define GF_TEXT(x) GF_TEXT_(x)

/* The formatter would put spaces into the names. */
/* clang-format off */
#include GF_TEXT(simd/GF_ISA.h)
#include GF_TEXT(math/GF_FUNCTION.h)
/* clang-format on */

#define EVAL_F32 GF_CONCAT(GF_FUNCTION, _f32)
#define EVAL_F64 GF_CONCAT(GF_FUNCTION, _f64)

/* The rare lanes in the tail take another way. */
static inline vf whole_f32(vf x) {
  const vf y = EVAL_F32(x);
#ifdef GF_HAS_TAIL
  const mf rare = GF_CONCAT(GF_FUNCTION, _in_tail_f32)(x);
  if (mf_any(rare))
    return vf_select(rare, GF_CONCAT(GF_FUNCTION, _tail_f32)(x), y);
#endif
  return y;
}

/* float16: computed in float32, which holds it exactly, and rounded once more. */
static inline void step_f16(const uint16_t *x, uint16_t *out) {
  vf_store_f16(out, whole_f32(vf_load_f16(x)));
}
static inline void step_f32(const float *x, float *out) { vf_store(out, whole_f32(vf_load(x))); }
static inline void step_f64(const double *x, double *out) { vd_store(out, EVAL_F64(vd_load(x))); }

enum { BLOCK = 256 }; /* elements of a strided array done at a time: in and out stay in L1 */

#define KERNEL(dtype) GF_CONCAT(GF_CONCAT(gf_, GF_FUNCTION), GF_CONCAT(_##dtype##_, GF_ISA))

#define DEFINE_KERNEL(dtype, T, LANES, step)                                                       \
  static void contiguous_##dtype(const T *x, T *out, size_t n) {                                   \
    size_t i = 0;                                                                                  \
    for (; n - i >= (LANES); i += (LANES))                                                         \
      step(x + i, out + i);                                                                        \
    if (i < n) {                                                                                   \
      T lanes[LANES] = {0};                                                                        \
      memcpy(lanes, x + i, (n - i) * sizeof(T));                                                   \
      step(lanes, lanes);                                                                          \
      memcpy(out + i, lanes, (n - i) * sizeof(T));                                                 \
    }                                                                                              \
  }                                                                                                \
                                                                                                   \
  gf_kernel KERNEL(dtype);                                                                         \
  void KERNEL(dtype)(char *const *args, const ptrdiff_t *steps, size_t n) {                        \
    const char *x = args[0];                                                                       \
    char *out = args[1];                                                                           \
    if (steps[0] == sizeof(T) && steps[1] == sizeof(T)) {                                          \
      contiguous_##dtype((const T *)x, (T *)out, n);                                               \
      return;                                                                                      \
    }                                                                                              \
    T block[BLOCK];                                                                                \
    while (n > 0) {                                                                                \
      const size_t m = n < BLOCK ? n : BLOCK;                                                      \
      for (size_t i = 0; i < m; i++, x += steps[0])                                                \
        memcpy(&block[i], x, sizeof(T));                                                           \
      contiguous_##dtype(block, block, m);                                                         \
      for (size_t i = 0; i < m; i++, out += steps[1])                                              \
        memcpy(out, &block[i], sizeof(T));                                                         \
      n -= m;                                                                                      \
    }                                                                                              \
  }

DEFINE_KERNEL(F16, uint16_t, VF_LANES, step_f16)
DEFINE_KERNEL(F32, float, VF_LANES, step_f32)
DEFINE_KERNEL(F64, double, VD_LANES, step_f64)
