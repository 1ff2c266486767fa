/* The calls: on strided arrays, on plain arrays, on one element, and the lookup of bytes. */
#include "include/gelu_c.h"
#include "runtime/dispatch.h"
#include "runtime/fpenv.h"
#include "runtime/split.h"
#include "runtime/stream.h"
#include "runtime/threads.h"

/* In NumPy's reduce and accumulate each result is the first input of the next element: that input
 * lies one step behind the output, or is the output and both have the step 0. */
static int is_chain(char *const *args, const ptrdiff_t *steps, const gf_function *f) {
  return f->nin == 2 && f->nout == 1 && steps[0] == steps[2] && args[0] + steps[0] == args[2];
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

/* Any steps are right for one element. */
static void call_one(const gf_row *row, char *const *args) {
  const gf_kernel *kernel = gf_in_use()->kernels[row - gf_rows];
  const int is_quiet = kernel->evaluate_one != NULL;
  const gf_fpenv saved = gf_fpenv_enter(is_quiet);
  kernel->run(kernel, args, NULL, 1, GF_NEAR);
  gf_fpenv_leave(saved, is_quiet);
}

enum { OPERANDS_MAX = 5 };

/* Written by the calls that are large enough for several threads. */
static gf_cost costs[GF_ROWS], cost_of_lookup;

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
  if (n == 0)
    return;
  if (n == 1) {
    call_one(row, args);
    return;
  }
  const gf_kernel *kernel = gf_in_use()->kernels[row - gf_rows];
  const gf_function *f = row->function;
  const size_t size = gf_dtype_size(row->dtype);
  const int is_quiet = n < kernel->lanes && kernel->evaluate_one;
  const gf_fpenv saved = gf_fpenv_enter(is_quiet);
  if (is_chain(args, steps, f)) {
    call_in_turn(kernel, args, steps, n);
  } else {
    const gf_reach reach = gf_reach_of(args, steps, f->nin, f->nout, size, n);
    if (is_large(size, n) && gf_may_split(args, steps, f->nin, f->nout, size, n)) {
      const kernel_call call = {kernel, args, steps, reach};
      gf_share(compute_part, &call, n, gf_split_border(args[f->nin], steps[f->nin]), size,
               &costs[row - gf_rows]);
    } else {
      kernel->run(kernel, args, steps, n, reach);
    }
  }
  gf_fpenv_leave(saved, is_quiet);
}

void gf_call_part(const gf_row *row, char *const *args, const ptrdiff_t *steps, size_t n,
                  size_t first, size_t count) {
  if (count == 0)
    return;
  const gf_kernel *kernel = gf_in_use()->kernels[row - gf_rows];
  const gf_function *f = row->function;
  const int is_quiet = count < kernel->lanes && kernel->evaluate_one;
  const gf_fpenv saved = gf_fpenv_enter(is_quiet);
  /* Prefetches and streams depend on the size of the whole call. */
  const gf_reach reach = gf_reach_of(args, steps, f->nin, f->nout, gf_dtype_size(row->dtype), n);
  const kernel_call whole = {kernel, args, steps, reach};
  compute_part(&whole, first, count);
  gf_fpenv_leave(saved, is_quiet);
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
  const lookup_call call = {gf_in_use()->lookup, table, x, out,
                            gf_streams(args, steps, 1, 1, 1, n)};
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
    gf_call(&gf_rows[GF_ROW_##name##_##DTYPE], args, steps, n);                                    \
  }
#define DEFINE_ALL(name, nin_nout)                                                                 \
  DEFINE_PLAIN(name, f16, F16, gf_float16, nin_nout)                                               \
  DEFINE_PLAIN(name, bf16, BF16, gf_bfloat16, nin_nout)                                            \
  DEFINE_PLAIN(name, f32, F32, float, nin_nout)                                                    \
  DEFINE_PLAIN(name, f64, F64, double, nin_nout)
#define FUNCTION(name, nin, ...) DEFINE_ALL(name, nin##_1)
#define COMPOUND(name, nin, nout, ...) DEFINE_ALL(name, nin##_##nout)
#include "table/each.h"

/* ---- One element */

#define ADDRESS(x) (char *)(uintptr_t) & (x)
#define SINGLE_ARGUMENTS_1 ADDRESS(x)
#define SINGLE_ARGUMENTS_2 ADDRESS(first), ADDRESS(second)
#define SINGLE_ARGUMENTS_3 ADDRESS(first), ADDRESS(second), ADDRESS(third)
#define DEFINE_SINGLE_1(name, symbol, DTYPE, T, nin)                                               \
  GF_SINGLE_##nin##_1(T, symbol) {                                                                 \
    T out;                                                                                         \
    char *args[] = {SINGLE_ARGUMENTS_##nin, ADDRESS(out)};                                         \
    call_one(&gf_rows[GF_ROW_##name##_##DTYPE], args);                                             \
    return out;                                                                                    \
  }
#define DEFINE_SINGLE_2(name, symbol, DTYPE, T, nin)                                               \
  GF_SINGLE_##nin##_2(T, symbol) {                                                                 \
    char *args[] = {SINGLE_ARGUMENTS_##nin, (char *)out_first, (char *)out_second};                \
    call_one(&gf_rows[GF_ROW_##name##_##DTYPE], args);                                             \
  }
#define DEFINE_ALL_SINGLE(name, define, nin)                                                       \
  define(name, gf_##name##_f16_1, F16, gf_float16, nin)                                            \
      define(name, gf_##name##_bf16_1, BF16, gf_bfloat16, nin)                                     \
          define(name, gf_##name##_f32_1, F32, float, nin)                                         \
              define(name, gf_##name##_f64_1, F64, double, nin)
#define FUNCTION(name, nin, ...) DEFINE_ALL_SINGLE(name, DEFINE_SINGLE_1, nin)
#define COMPOUND(name, nin, nout, ...) DEFINE_ALL_SINGLE(name, DEFINE_SINGLE_##nout, nin)
#include "table/each.h"
