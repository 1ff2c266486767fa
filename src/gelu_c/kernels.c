/* One function on arrays, for one instruction set: vocabulary (simd/GF_ISA.h) + mathematics
 * (math/GF_FUNCTION.h). Compiled once per function and instruction set; GF_NIN is its number of
 * inputs.
 *
 * Elements that lie one after another are computed where they lie (compute.h). Others are gathered
 * into, and scattered from, buffers on the stack (memory.h). */
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
#define DEFINE_KERNEL(dtype, T, E, suffix)                                                         \
  gf_kernel KERNEL(dtype);                                                                         \
  void KERNEL(dtype)(char *const *args, const ptrdiff_t *steps, size_t n, int stream) {            \
    const int out_in_place = IN_PLACE(T, E, steps[GF_NIN]);                                        \
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
    const size_t most = all_in_place ? n : BLOCK;                                                  \
    for (size_t m; n > 0; n -= m) {                                                                \
      m = n < most ? n : most;                                                                     \
      for (int k = 0; k < GF_NIN; k++) {                                                           \
        if (IN_PLACE(T, E, steps[k]))                                                              \
          in[k] = (const E *)x[k];                                                                 \
        else if (steps[k] != 0)                                                                    \
          take_##dtype(buffers[k], x[k], steps[k], m);                                             \
        x[k] += steps[k] * (ptrdiff_t)m;                                                           \
      }                                                                                            \
      E *to = out_in_place ? (E *)out : buffers[GF_NIN];                                           \
      compute_##suffix(in, to, m, stream &&all_in_place);                                          \
      if (!out_in_place)                                                                           \
        give_##dtype(out, steps[GF_NIN], to, m);                                                   \
      out += steps[GF_NIN] * (ptrdiff_t)m;                                                         \
    }                                                                                              \
  }

DEFINE_KERNEL(F16, uint16_t, float, f32)
DEFINE_KERNEL(F32, float, float, f32)
DEFINE_KERNEL(F64, double, double, f64)
