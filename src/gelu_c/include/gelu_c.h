/* The public C interface of gelu_fast: exact, fast activation functions on arrays.
 *
 *     #include "gelu_c.h"
 *     gf_gelu_f32(x, out, n);                // out[i] = gelu(x[i]), fastest path of this CPU
 *     gf_gelu_backward_f32(dy, x, out, n);   // out[i] = dy[i] * gelu_grad(x[i])
 *
 * Every function is position-free (the same x gives the same bits at any index, length, stride and
 * alignment), never touches the caller's floating-point flags or modes, never allocates, prints or
 * aborts, and is safe to call from any number of threads. `out` may be the same array as an input;
 * any other overlap is the caller's error. Pointers need no alignment.
 */
#ifndef GELU_C_H
#define GELU_C_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint16_t gf_float16;  /* an IEEE binary16 number, as its bits */
typedef uint16_t gf_bfloat16; /* the upper half of a float, as its bits */

typedef enum { GF_F16, GF_BF16, GF_F32, GF_F64, GF_DTYPES } gf_dtype;
size_t gf_dtype_size(gf_dtype dtype); /* in bytes */

/* ---- One plain function per function and dtype: gf_gelu_f32(x, out, n), gf_erf_f64(x, out, n) ... */

#define GF_PARAMETERS_1_1(T) const T *x, T *out, size_t n
#define GF_PARAMETERS_2_1(T) const T *first, const T *second, T *out, size_t n
#define GF_PARAMETERS_3_1(T) const T *first, const T *second, const T *third, T *out, size_t n
#define GF_PARAMETERS_3_2(T)                                                                       \
  const T *first, const T *second, const T *third, T *out_first, T *out_second, size_t n
#define GF_PROTOTYPES(name, parameters)                                                            \
  void gf_##name##_f16(parameters(gf_float16));                                                    \
  void gf_##name##_bf16(parameters(gf_bfloat16));                                                  \
  void gf_##name##_f32(parameters(float));                                                         \
  void gf_##name##_f64(parameters(double));
#define FUNCTION(name, nin, ...) GF_PROTOTYPES(name, GF_PARAMETERS_##nin##_1)
#define COMPOUND(name, nin, nout, ...) GF_PROTOTYPES(name, GF_PARAMETERS_##nin##_##nout)
#include "../table/each.h"

/* ---- The table (functions.def) as data. */

typedef struct {
  const char *name;
  int nin, nout;                  /* numbers of input and output arrays */
  const char *half;               /* how 16-bit types are computed: TABLES, FLOAT, DOUBLE */
  const char *inputs, *outputs;   /* their names: "dy, x" */
  int is_compound;                /* neither a function of x nor dy times one */
  const char *definition;         /* what it computes, for a program to evaluate: functions.def */
  const char *left, *right;       /* what it approaches at -inf and inf, an expression in x, or
                                   * "none"; NULL for a compound */
  const char *formula;            /* the same for people, one line */
  const char *limits;             /* values at x = -inf, +inf and -0.0 (where dy = 1) */
  const char *source;             /* the paper or book the function comes from */
  const char *arguments, *result; /* an example, as Python writes it: f(arguments) gives result */
} gf_function;

typedef struct {
  const gf_function *function;
  gf_dtype dtype;
  double bound_ulp; /* the error this library promises, final rounding included */
  double lo, hi;    /* the function is constant, or x itself, outside of [lo, hi] */
  double worst;     /* the input with the largest error seen on any ISA */
} gf_row;

size_t gf_row_count(void);
const gf_row *gf_row_at(size_t i); /* NULL past the end; rows of one function are neighbours */

/* Runs a row on strided arrays: args holds nin inputs and then nout outputs, steps their strides in
 * bytes (any sign, zero for a broadcast input). This is what the ufunc loops call. Elements go in
 * order, and none is written before those up to it are read: an input may overlap an output as long
 * as it is nowhere behind it, such as (x + 1, x). The first of two inputs may also be one step behind
 * the one output, or stand still with it: each result is then an input of the next. NumPy relies on all
 * this. */
void gf_call(const gf_row *row, char *const *args, const ptrdiff_t *steps, size_t n);

/* ---- 8-bit: out[i] = table[x[i]]. A function of 8-bit numbers is its table of 256 results, indexed by
 *      the byte x[i]: that of a signed -1 is 255. gelu_fast.quantized.table (Python) makes such tables.
 */

void gf_lookup_u8(const uint8_t table[256], const uint8_t *x, uint8_t *out, size_t n);

/* ---- Instruction sets. The best one the CPU and the operating system support is chosen at the
 *      first call; the environment variable GELU_FAST_ISA forces another. */

size_t gf_isa_count(void);           /* instruction sets compiled in, best first */
const char *gf_isa_name(size_t i);   /* NULL past the end */
int gf_isa_available(size_t i);      /* 1 if this CPU and operating system can run it */
const char *gf_isa(void);            /* the one in use */
int gf_isa_select(const char *name); /* 0, or -1 (nothing changed) if unknown or unavailable */
const char *gf_isa_error(void); /* NULL, or the value of GELU_FAST_ISA that could not be obeyed */
const char *gf_cpu_features(void); /* what was found on this CPU, such as "avx2 fma f16c" */

#ifdef __cplusplus
}
#endif

#endif
