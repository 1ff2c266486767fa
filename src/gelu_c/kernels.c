/* One function on arrays of one dtype, for one instruction set: vocabulary (simd/) + mathematics
 * (math/GF_FUNCTION.h) + coefficients. Compiled once per function, dtype and instruction set; GF_NIN
 * is the function's number of inputs, GF_HALVES how 16-bit types are computed (functions.def).
 *
 * Elements that lie one after another are computed where they lie (compute.h). Others are gathered
 * into, and scattered from, buffers on the stack (memory.h). */
#include "kernels.h"

#include <stdint.h>
#include <string.h>

/* The formatter would put spaces into the names. */
/* clang-format off */
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* ELEMENT: what lies in memory; REAL: what it is computed in; TABLES: by which rows. */
#define ELEMENT_F16 uint16_t
#define ELEMENT_BF16 uint16_t
#define ELEMENT_F32 float
#define ELEMENT_F64 double
#define BY_ROWS 1
#define IN_FLOAT 2
#define IN_DOUBLE 3
#if GF_HALVES == BY_ROWS
#define REAL_F16 f32
#define REAL_BF16 f32
#define TABLES_F16 f16
#define TABLES_BF16 bf16
#elif GF_HALVES == IN_FLOAT
#define REAL_F16 f32
#define REAL_BF16 f32
#define TABLES_F16 f32
#define TABLES_BF16 f32
#elif GF_HALVES == IN_DOUBLE
#define REAL_F16 f64
#define REAL_BF16 f64
#define TABLES_F16 f64
#define TABLES_BF16 f64
#else
#error "functions.def: BY_ROWS, IN_FLOAT or IN_DOUBLE"
#endif
#define REAL_F32 f32
#define REAL_F64 f64
#define TABLES_F32 f32
#define TABLES_F64 f64

#define IS_HALF_F16 1
#define IS_HALF_BF16 1
#define IS_HALF_F32 0
#define IS_HALF_F64 0
#if GF_CONCAT(IS_HALF_, GF_DTYPE)
#define ELEMENT_IS_HALF
#endif

#define ELEMENT GF_CONCAT(ELEMENT_, GF_DTYPE)
#define REAL GF_CONCAT(REAL_, GF_DTYPE)
#define TABLES GF_CONCAT(TABLES_, GF_DTYPE)
#define ROWS_OF(function) TEXT(../coeffs/GF_CONCAT(function##_, TABLES).h)
#define TAIL_TABLES TEXT(../../coeffs/GF_CONCAT(tail_, REAL).h)

#include TEXT(simd/GF_CONCAT(GF_CONCAT(GF_ISA, _), REAL).h)
#include TEXT(math/GF_FUNCTION.h)
/* clang-format on */
#if defined(ELEMENT_IS_HALF) && defined(REAL_IS_FLOAT) && !defined(HALF_TAIL_SIDE)
#undef GF_HAS_TAIL /* the rows reach all numbers */
#endif
#if defined(ELEMENT_IS_HALF) && GF_HALVES == BY_ROWS
/* no result by rows lies halfway between two numbers */
#undef v_store_BF16
#undef v_stream_BF16
#define v_store_BF16 v_store_untied_BF16
#define v_stream_BF16 v_stream_untied_BF16
#endif

#include "compute.h"
#include "memory.h"

enum { BLOCK = 1024 }; /* elements in a buffer: all buffers stay in the first-level cache */

#define KERNEL                                                                                     \
  GF_CONCAT(GF_CONCAT(gf_, GF_FUNCTION), GF_CONCAT(GF_CONCAT(_, GF_DTYPE), GF_CONCAT(_, GF_ISA)))

gf_kernel KERNEL;
void KERNEL(char *const *args, const ptrdiff_t *steps, size_t n, int stream) {
  const ptrdiff_t size = sizeof(ELEMENT);
  const int out_in_place = steps[GF_NIN] == size;
  int all_in_place = out_in_place;
  for (int k = 0; k < GF_NIN; k++)
    all_in_place &= steps[k] == size;
  ELEMENT buffers[GF_NIN + 1][BLOCK];
  const ELEMENT *in[GF_NIN];
  const char *x[GF_NIN];
  char *out = args[GF_NIN];
  for (int k = 0; k < GF_NIN; k++) {
    in[k] = buffers[k];
    x[k] = args[k];
    if (steps[k] == 0) /* the same every time */
      gather(buffers[k], x[k], 0, n < BLOCK ? n : BLOCK);
  }
  const size_t most = all_in_place ? n : BLOCK;
  for (size_t m; n > 0; n -= m) {
    m = n < most ? n : most;
    for (int k = 0; k < GF_NIN; k++) {
      if (steps[k] == size)
        in[k] = (const ELEMENT *)x[k];
      else if (steps[k] != 0)
        gather(buffers[k], x[k], steps[k], m);
      x[k] += steps[k] * (ptrdiff_t)m;
    }
    ELEMENT *to = out_in_place ? (ELEMENT *)out : buffers[GF_NIN];
    compute(in, to, m, stream && all_in_place);
    if (!out_in_place)
      scatter(out, steps[GF_NIN], to, m);
    out += steps[GF_NIN] * (ptrdiff_t)m;
  }
}
