/* One function on arrays, for one instruction set: vocabulary (simd/GF_ISA.h) + mathematics
 * (math/GF_FUNCTION.h). Compiled once per function and instruction set; GF_NIN is its number of
 * inputs.
 *
 * Elements that lie one after another are computed where they lie (compute.h). Others are gathered
 * into, and scattered from, buffers on the stack (memory.h), and so are results that go past the
 * caches (stream.h). */
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

enum { BLOCK = 1024 }; /* elements in a buffer: all buffers stay in the first-level cache */

#include "compute.h"
#include "memory.h"

#define KERNEL(dtype) GF_CONCAT(GF_CONCAT(gf_, GF_FUNCTION), GF_CONCAT(_##dtype##_, GF_ISA))

/* Whether elements can be computed where they lie: of the computing type, and neighbours. */
#define IN_PLACE(T, E, step) (sizeof(T) == sizeof(E) && (step) == sizeof(T))

/* T: the elements in memory; E: what they are computed in */
#define DEFINE_KERNEL(dtype, T, E, compute)                                                        \
  gf_kernel KERNEL(dtype);                                                                         \
  void KERNEL(dtype)(char *const *args, const ptrdiff_t *steps, size_t n, int stream) {            \
    const int out_in_place = IN_PLACE(T, E, steps[GF_NIN]) && !stream;                             \
    int all_in_place = out_in_place;                                                               \
    for (int k = 0; k < GF_NIN; k++)                                                               \
      all_in_place &= IN_PLACE(T, E, steps[k]);                                                    \
    E buffers[GF_NIN + 1][BLOCK + VF_LANES];                                                       \
    const E *in[GF_NIN];                                                                           \
    const char *x[GF_NIN];                                                                         \
    char *out = args[GF_NIN];                                                                      \
    for (int k = 0; k < GF_NIN; k++) {                                                             \
      in[k] = buffers[k];                                                                          \
      x[k] = args[k];                                                                              \
      if (steps[k] == 0) /* the same every time */                                                 \
        take_##dtype(buffers[k], x[k], 0, n < BLOCK ? n : BLOCK);                                  \
    }                                                                                              \
    /* A shorter start brings the output to the beginning of a cache line. */                      \
    size_t m = all_in_place ? n                                                                    \
               : stream     ? (BLOCK * sizeof(T) - (uintptr_t)out % LINE) / sizeof(T)              \
                            : BLOCK;                                                                   \
    for (; n > 0; n -= m, m = BLOCK) {                                                             \
      m = m < n ? m : n;                                                                           \
      for (int k = 0; k < GF_NIN; k++) {                                                           \
        if (IN_PLACE(T, E, steps[k]))                                                              \
          in[k] = (const E *)x[k];                                                                 \
        else if (steps[k] != 0)                                                                    \
          take_##dtype(buffers[k], x[k], steps[k], m);                                             \
        x[k] += steps[k] * (ptrdiff_t)m;                                                           \
      }                                                                                            \
      E *to = out_in_place ? (E *)out : buffers[GF_NIN];                                           \
      compute(in, to, m);                                                                          \
      if (!out_in_place)                                                                           \
        give_##dtype(out, steps[GF_NIN], to, m, stream);                                           \
      out += steps[GF_NIN] * (ptrdiff_t)m;                                                         \
    }                                                                                              \
    if (stream)                                                                                    \
      simd_stream_end();                                                                           \
  }

DEFINE_KERNEL(F16, uint16_t, float, compute_f32)
DEFINE_KERNEL(F32, float, float, compute_f32)
DEFINE_KERNEL(F64, double, double, compute_f64)
