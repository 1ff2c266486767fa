/* The public C interface of gelu_fast: fast activation functions on arrays, each with a bound on
 * its error (gf_row.bound_ulp).
 *
 *     #include "gelu_c.h"
 *     gf_gelu_f32(x, out, n);                // out[i] = gelu(x[i])
 *     gf_gelu_backward_f32(dy, x, out, n);   // out[i] = dy[i] * gelu_grad(x[i])
 *
 * Every function is position-free: the same x gives the same bits at any index, length, stride and
 * alignment. No function changes the caller's floating-point flags or modes, prints or aborts; none
 * allocates memory, except for threads that the program asks for (gf_set_num_threads). A call takes
 * at most 16 KiB of stack. Any number of threads may call them at once. `out` may be the same array
 * as an input; any other overlap is an error of the caller. Pointers need no alignment.
 */
#ifndef GELU_C_H
#define GELU_C_H

#include <stddef.h>
#include <stdint.h>

/* ---- Versions. These three numbers are the only place that has the version of the release: the
 *      Python package, pkg-config and CMake read them. GELU_C_ABI_VERSION is a part of the library's file name. It grows when a program
 *      that was linked with an older library could fail: docs/c.md says what may change. */

#define GELU_C_VERSION_MAJOR 0
#define GELU_C_VERSION_MINOR 2
#define GELU_C_VERSION_PATCH 0
#define GELU_C_VERSION                                                                             \
  (10000 * GELU_C_VERSION_MAJOR + 100 * GELU_C_VERSION_MINOR + GELU_C_VERSION_PATCH)
#define GELU_C_ABI_VERSION 1

/* Declares what the shared library exports. */
#if defined(_WIN32) && defined(GF_BUILDS_LIBRARY)
#define GF_API __declspec(dllexport)
#elif defined(_WIN32)
#define GF_API
#else
#define GF_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

GF_API int gf_version(void); /* the GELU_C_VERSION of the library that the program has loaded */

typedef uint16_t gf_float16;  /* an IEEE binary16 number, as its bits */
typedef uint16_t gf_bfloat16; /* the upper half of a float, as its bits */

typedef enum { GF_F16, GF_BF16, GF_F32, GF_F64, GF_DTYPES } gf_dtype;
GF_API size_t gf_dtype_size(gf_dtype dtype); /* in bytes */

/* ---- A C function for each row: gf_gelu_f32(x, out, n), gf_erf_f64(x, out, n) ... */

#define GF_PARAMETERS_1_1(T) const T *x, T *out, size_t n
#define GF_PARAMETERS_2_1(T) const T *first, const T *second, T *out, size_t n
#define GF_PARAMETERS_3_1(T) const T *first, const T *second, const T *third, T *out, size_t n
#define GF_PARAMETERS_3_2(T)                                                                       \
  const T *first, const T *second, const T *third, T *out_first, T *out_second, size_t n
#define GF_PROTOTYPES(name, parameters)                                                            \
  GF_API void gf_##name##_f16(parameters(gf_float16));                                             \
  GF_API void gf_##name##_bf16(parameters(gf_bfloat16));                                           \
  GF_API void gf_##name##_f32(parameters(float));                                                  \
  GF_API void gf_##name##_f64(parameters(double));
#define FUNCTION(name, nin, ...) GF_PROTOTYPES(name, GF_PARAMETERS_##nin##_1)
#define COMPOUND(name, nin, nout, ...) GF_PROTOTYPES(name, GF_PARAMETERS_##nin##_##nout)
#include "../table/each.h"

/* ---- And one for a single number of each row, with the same bits: float y = gf_gelu_f32_1(x). A
 *      function of two outputs stores them through its last two arguments. */

#define GF_SINGLE_1_1(T, name) T name(T x)
#define GF_SINGLE_2_1(T, name) T name(T first, T second)
#define GF_SINGLE_3_1(T, name) T name(T first, T second, T third)
#define GF_SINGLE_3_2(T, name) void name(T first, T second, T third, T *out_first, T *out_second)
#define GF_SINGLE_PROTOTYPES(name, single)                                                         \
  GF_API single(gf_float16, gf_##name##_f16_1);                                                    \
  GF_API single(gf_bfloat16, gf_##name##_bf16_1);                                                  \
  GF_API single(float, gf_##name##_f32_1);                                                         \
  GF_API single(double, gf_##name##_f64_1);
#define FUNCTION(name, nin, ...) GF_SINGLE_PROTOTYPES(name, GF_SINGLE_##nin##_1)
#define COMPOUND(name, nin, nout, ...) GF_SINGLE_PROTOTYPES(name, GF_SINGLE_##nin##_##nout)
#include "../table/each.h"

/* ---- The table (table/functions.def) as data. */

typedef struct {
  const char *name;
  int nin, nout;                  /* numbers of input and output arrays */
  const char *half;               /* how 16-bit types are computed: TABLES, FLOAT, DOUBLE */
  const char *inputs, *outputs;   /* the names of the arrays, such as "dy, x" */
  int is_compound;                /* 1 unless it is a function of x or dy times a function of x */
  const char *definition;         /* an expression that a program can evaluate: functions.def */
  const char *left, *right;       /* the expressions in x that it approaches at -inf and inf, or
                                   * "none"; NULL for a compound */
  const char *formula;            /* the definition for readers, one line */
  const char *limits;             /* values at x = -inf, +inf and -0.0 (where dy = 1) */
  const char *source;             /* the paper or book the function comes from */
  const char *arguments, *result; /* an example, as Python writes it: f(arguments) gives result */
} gf_function;

typedef struct {
  const gf_function *function;
  gf_dtype dtype;
  double bound_ulp; /* the largest error in ULP, final rounding included */
  double lo, hi;    /* outside of [lo, hi] the result is constant: the limit on that side */
  double worst;     /* the input with the largest error found on any instruction set */
} gf_row;

GF_API size_t gf_row_count(void);
GF_API const gf_row *gf_row_at(size_t i); /* NULL past the end; a function's rows are neighbours */
GF_API const gf_row *gf_row_of(const char *function, gf_dtype dtype); /* NULL if there is none */

/* Computes the function of a row on strided arrays: args holds nin inputs and then nout outputs,
 * steps their strides in bytes (any sign, zero for a broadcast input). The ufunc loops call this.
 *
 * Elements are computed in order, and a result is written after all inputs up to it are read: so an
 * input may overlap an output if it is ahead of it everywhere, such as (x + 1, x). If there are two
 * inputs and one output, the first input may also lie one step behind the output, or be the output
 * if both have the step 0: each result is then the first input of the next element. NumPy relies on
 * this. */
GF_API void gf_call(const gf_row *row, char *const *args, const ptrdiff_t *steps, size_t n);

/* Computes `count` elements of such a call, from the element `first` on, in the calling thread alone:
 * for programs that have threads of their own. They may compute the parts of a call at the same time,
 * if every input that overlaps an output is the same array. */
GF_API void gf_call_part(const gf_row *row, char *const *args, const ptrdiff_t *steps, size_t n,
                         size_t first, size_t count);

/* ---- 8-bit: out[i] = table[x[i]]. A lookup table holds the 256 results of a function of 8-bit
 *      numbers; the byte x[i] is its index, 255 for a signed -1. gelu_fast.quantized.table (Python)
 *      makes such tables. */

GF_API void gf_lookup_u8(const uint8_t table[256], const uint8_t *x, uint8_t *out, size_t n);

/* ---- Threads. A call computes a large array in parts at the same time, if the program asks for more
 *      than one thread. Threads are made when they are first needed; a program that forks can go on
 *      computing in parent and child. While one call has them, others compute alone. Without POSIX
 *      threads every call runs in one thread. */

enum { GF_THREADS_MAX = 1024 };

/* Sets how many threads a call has, with the calling thread: 1 to GF_THREADS_MAX, or 0 for as many as
 * the CPUs that this process may use (affinity and control groups). Returns 0, or -1 (nothing changed)
 * for other numbers. Before the first call of it, the number is that of the environment variable
 * GELU_FAST_NUM_THREADS, or 1. */
GF_API int gf_set_num_threads(int n);
GF_API int gf_num_threads(void);
GF_API const char *gf_threads_error(void); /* NULL, or the wrong value of GELU_FAST_NUM_THREADS */

/* A call has so few threads that each has work for at least so many nanoseconds. With 0, every call
 * that can be split has all threads. Tests set it; no result depends on it. */
GF_API uint32_t gf_share_ns(void);
GF_API void gf_set_share_ns(uint32_t ns);

/* ---- Instruction sets. The first call chooses the best one that the CPU and the operating system
 *      support; the environment variable GELU_FAST_ISA forces another. */

GF_API size_t gf_isa_count(void);           /* instruction sets compiled in, best first */
GF_API const char *gf_isa_name(size_t i);   /* NULL past the end */
GF_API int gf_isa_available(size_t i);      /* 1 if this CPU and operating system can run it */
GF_API const char *gf_isa(void);            /* the instruction set in use */
GF_API int gf_isa_select(const char *name); /* 0, or -1 if it cannot run: then nothing changes */
GF_API const char *gf_isa_error(void);    /* the value of GELU_FAST_ISA if it cannot run, or NULL */
GF_API const char *gf_cpu_features(void); /* those found on this CPU, such as "avx2 fma f16c" */

/* ---- Streams. Results of at least this many bytes are written past the caches, where that is
 *      faster: no result depends on it. Benchmarks change it. */

GF_API size_t gf_stream_bytes(void);
GF_API void gf_set_stream_bytes(size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
