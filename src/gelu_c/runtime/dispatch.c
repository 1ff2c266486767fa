/* The public functions: the table as data, the choice of an instruction set, the calls. */
#include "include/gelu_c.h"

#include <math.h> /* INFINITY, in functions.def */
#include <stdlib.h>
#include <string.h>

#include "runtime/atomic.h"
#include "runtime/cpu.h"
#include "runtime/fpenv.h"
#include "runtime/kernel.h"
#include "runtime/lookup.h"
#include "runtime/split.h"
#include "runtime/stream.h"
#include "runtime/threads.h"

int gf_version(void) { return GELU_C_VERSION; }

/* ---- functions.def as data ---- */

#define FUNCTION(name, ...) FUNCTION_##name,
#define COMPOUND FUNCTION
enum {
#include "table/each.h"
};

#define ROW(name, dtype, ...) ROW_##name##_##dtype,
enum {
#include "table/each.h"
};

#define INPUTS_1 "x"
#define INPUTS_2 "dy, x"
static const gf_function functions[] = {
#define FUNCTION(name, nin, half, definition, left, right, ...)                                    \
  {#name, nin, 1, #half, INPUTS_##nin, "out", 0, #definition, #left, #right, __VA_ARGS__},
#define COMPOUND(name, nin, nout, half, inputs, outputs, definition, ...)                          \
  {#name, nin, nout, #half, inputs, outputs, 1, #definition, NULL, NULL, __VA_ARGS__},
#include "table/each.h"
};

static const gf_row rows[] = {
#define ROW(name, dtype, bound_ulp, lo, hi, worst)                                                 \
  {&functions[FUNCTION_##name], GF_##dtype, bound_ulp, lo, hi, worst},
#include "table/each.h"
};

enum { ROWS = sizeof rows / sizeof rows[0] };

size_t gf_dtype_size(gf_dtype dtype) {
  static const size_t sizes[GF_DTYPES] = {[GF_F16] = 2, [GF_BF16] = 2, [GF_F32] = 4, [GF_F64] = 8};
  return sizes[dtype];
}

size_t gf_row_count(void) { return ROWS; }
const gf_row *gf_row_at(size_t i) { return i < ROWS ? &rows[i] : NULL; }

const gf_row *gf_row_of(const char *function, gf_dtype dtype) {
  for (size_t i = 0; i < ROWS; i++)
    if (rows[i].dtype == dtype && strcmp(rows[i].function->name, function) == 0)
      return &rows[i];
  return NULL;
}

/* ---- Instruction sets compiled in: the build defines GF_WITH_avx2 as 1 or 0, and so on for every
 * line
 *      of isa.def */

typedef struct {
  const char *name;
  unsigned needs;                  /* CPU features */
  const gf_kernel *const *kernels; /* one for each row of functions.def */
  gf_lookup_kernel *lookup;
} instruction_set;

#define ISA_1(name, needs) {#name, needs, gf_kernels_##name, gf_lookup_##name},
#define ISA_0(name, needs)
#define ISA_IF(with) ISA_##with
#define ISA_WITH(with) ISA_IF(with)

#define ISA(name, ...)                                                                             \
  extern const gf_kernel *const gf_kernels_##name[];                                               \
  extern gf_lookup_kernel gf_lookup_##name;
#include "table/isa.def"
#undef ISA

static const instruction_set isas[] = {
#define ISA(name, architecture, flags, tuning, needs) ISA_WITH(GF_WITH_##name)(name, needs)
#include "table/isa.def"
#undef ISA
};

enum { ISAS = sizeof isas / sizeof isas[0] };

/* Chosen at the first call. Threads that choose at the same time choose the same, and do not replace
 * what gf_isa_select has set meanwhile. */
static const instruction_set *current;

static int runs_here(const instruction_set *isa) {
  return (gf_cpu_detect() & isa->needs) == isa->needs;
}

static const instruction_set *find(const char *name) {
  for (size_t i = 0; i < ISAS; i++)
    if (strcmp(isas[i].name, name) == 0)
      return runs_here(&isas[i]) ? &isas[i] : NULL;
  return NULL;
}

static const instruction_set *choose(void) {
  const char *forced = getenv("GELU_FAST_ISA");
  const instruction_set *isa = forced ? find(forced) : NULL;
  for (size_t i = 0; !isa; i++) /* scalar, the last one, runs everywhere */
    if (runs_here(&isas[i]))
      isa = &isas[i];
  const instruction_set *chosen = NULL;
  return GF_ATOMIC_STORE_IF(current, chosen, isa) ? isa : chosen;
}

static const instruction_set *in_use(void) {
  const instruction_set *isa = GF_ATOMIC_LOAD(current);
  return isa ? isa : choose();
}

size_t gf_isa_count(void) { return ISAS; }
const char *gf_isa_name(size_t i) { return i < ISAS ? isas[i].name : NULL; }
int gf_isa_available(size_t i) { return i < ISAS && runs_here(&isas[i]); }
const char *gf_isa(void) { return in_use()->name; }

int gf_isa_select(const char *name) {
  const instruction_set *isa = find(name);
  if (!isa)
    return -1;
  GF_ATOMIC_STORE(current, isa);
  return 0;
}

/* It reads the environment anew and keeps nothing, so that a program can correct the variable. */
const char *gf_isa_error(void) {
  const char *forced = getenv("GELU_FAST_ISA");
  return forced && *forced && !find(forced) ? forced : NULL;
}

/* The text is written once, when the library is loaded: later, a thread could read it while another
 * one writes. A compiler without constructors writes it at the first call. */
#if defined(__GNUC__)
#define AT_LOAD __attribute__((constructor))
#else
#define AT_LOAD
#endif

#define F(name, NAME, bit) #name " "
static char features[sizeof "" GF_CPU_FEATURES(F)];
#undef F
static int features_are_written;

AT_LOAD static void write_features(void) {
  const unsigned found = gf_cpu_detect();
  char *end = features;
#define F(name, NAME, bit)                                                                         \
  if (found & GF_CPU_##NAME) {                                                                     \
    if (end != features)                                                                           \
      *end++ = ' ';                                                                                \
    memcpy(end, #name, sizeof #name);                                                              \
    end += sizeof #name - 1;                                                                       \
  }
  GF_CPU_FEATURES(F)
#undef F
  features_are_written = 1;
}

const char *gf_cpu_features(void) {
  if (!features_are_written) /* an earlier constructor calls */
    write_features();
  return features;
}

/* ---- Calls ---- */

/* In NumPy's reduce and accumulate each result is the first input of the next element: that input
 * lies one step behind the output, or is the output and both have the step 0. */
static int is_chain(char *const *args, const ptrdiff_t *steps, const gf_function *f, size_t n) {
  return f->nin == 2 && f->nout == 1 && n > 1 && steps[0] == steps[2] &&
         args[0] + steps[0] == args[2];
}

static void call_in_turn(const gf_kernel *kernel, char *const *args, const ptrdiff_t *steps,
                         size_t n) {
  char *at[] = {args[0], args[1], args[2]};
  for (; n > 0; n--) {
    kernel->run(kernel, at, steps, 1, GF_NEAR);
    for (int k = 0; k < 3; k++)
      at[k] += steps[k];
  }
}

enum { OPERANDS_MAX = 5 };

/* Written by the calls that are large enough for several threads. */
static gf_cost costs[ROWS], cost_of_lookup;

typedef struct {
  const gf_kernel *kernel;
  char *const *args;
  const ptrdiff_t *steps;
  gf_reach reach;
} kernel_call;

static void compute_part(const void *call, size_t first, size_t count) {
  const kernel_call *whole = call;
  const gf_kernel *kernel = whole->kernel;
  char *at[OPERANDS_MAX];
  for (int k = 0; k < kernel->nin + kernel->nout; k++)
    at[k] = whole->args[k] + whole->steps[k] * (ptrdiff_t)first;
  kernel->run(kernel, at, whole->steps, count, whole->reach);
}

static int is_large(size_t size, size_t n) {
  return n * size >= GF_LEAST_SHARED && gf_num_threads() > 1;
}

void gf_call(const gf_row *row, char *const *args, const ptrdiff_t *steps, size_t n) {
  const gf_kernel *kernel = in_use()->kernels[row - rows];
  const gf_function *f = row->function;
  const size_t size = gf_dtype_size(row->dtype);
  const gf_fpenv saved = gf_fpenv_enter();
  if (is_chain(args, steps, f, n))
    call_in_turn(kernel, args, steps, n);
  else {
    const gf_reach reach = gf_reach_of(args, steps, f->nin, f->nout, size, n);
    if (is_large(size, n) && gf_may_split(args, steps, f->nin, f->nout, size, n)) {
      const kernel_call call = {kernel, args, steps, reach};
      gf_share(compute_part, &call, n, gf_split_border(args[f->nin], steps[f->nin]), size,
               &costs[row - rows]);
    } else
      kernel->run(kernel, args, steps, n, reach);
  }
  gf_fpenv_leave(saved);
}

typedef struct {
  gf_lookup_kernel *lookup;
  const uint8_t *table, *x;
  uint8_t *out;
  int stream;
} lookup_call;

static void look_up_part(const void *call, size_t first, size_t count) {
  const lookup_call *whole = call;
  whole->lookup(whole->table, whole->x + first, whole->out + first, count, whole->stream);
}

void gf_lookup_u8(const uint8_t table[256], const uint8_t *x, uint8_t *out, size_t n) {
  char *args[] = {(char *)(uintptr_t)x, (char *)out};
  const ptrdiff_t steps[] = {1, 1};
  const lookup_call call = {in_use()->lookup, table, x, out, gf_streams(args, steps, 1, 1, 1, n)};
  if (is_large(1, n) && gf_may_split(args, steps, 1, 1, 1, n))
    gf_share(look_up_part, &call, n, gf_split_border(args[1], 1), 1, &cost_of_lookup);
  else
    look_up_part(&call, 0, n);
}

#define ARGUMENTS_1_1 (char *)(uintptr_t)x, (char *)out
#define ARGUMENTS_2_1 (char *)(uintptr_t)first, (char *)(uintptr_t)second, (char *)out
#define ARGUMENTS_3_1                                                                              \
  (char *)(uintptr_t)first, (char *)(uintptr_t)second, (char *)(uintptr_t)third, (char *)out
#define ARGUMENTS_3_2                                                                              \
  (char *)(uintptr_t)first, (char *)(uintptr_t)second, (char *)(uintptr_t)third,                   \
      (char *)out_first, (char *)out_second

#define DEFINE_PLAIN(name, suffix, DTYPE, T, nin_nout)                                             \
  void gf_##name##_##suffix(GF_PARAMETERS_##nin_nout(T)) {                                         \
    char *args[] = {ARGUMENTS_##nin_nout};                                                         \
    const ptrdiff_t step = sizeof(T), steps[] = {step, step, step, step, step};                    \
    gf_call(&rows[ROW_##name##_##DTYPE], args, steps, n);                                          \
  }
#define DEFINE_ALL(name, nin_nout)                                                                 \
  DEFINE_PLAIN(name, f16, F16, gf_float16, nin_nout)                                               \
  DEFINE_PLAIN(name, bf16, BF16, gf_bfloat16, nin_nout)                                            \
  DEFINE_PLAIN(name, f32, F32, float, nin_nout)                                                    \
  DEFINE_PLAIN(name, f64, F64, double, nin_nout)
#define FUNCTION(name, nin, ...) DEFINE_ALL(name, nin##_1)
#define COMPOUND(name, nin, nout, ...) DEFINE_ALL(name, nin##_##nout)
#include "table/each.h"
