/* Tests that no call of the C interface takes more than 16 KiB of stack: for every row of the table
 * and every instruction set of this machine, along every path of the loops. It is built like
 * test_api.c.
 *
 * The stack below a call is painted; what a call has overwritten is what it took. With a name as an
 * argument, the program prints the deepest call of every row and path that contains it. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "gelu_c.h"
#include "runtime/stream.h"
#include "singles.h"

enum {
  LIMIT = 16 * 1024,
  PAINTED = 2 * LIMIT,
  NEAR = 1024, /* the painter's own frame */
  N = 2101,
  OPERANDS = 5,
  APART = 3,
  ROOM = N * sizeof(double) * APART
};

/* AddressSanitizer moves variables away from the stack, or pads them. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_INSTRUMENTED 1
#elif defined(__has_feature)
#define IS_INSTRUMENTED __has_feature(address_sanitizer)
#else
#define IS_INSTRUMENTED 0
#endif

static _Alignas(64) char operands[OPERANDS][ROOM];

/* ---- Calls, and how much stack they take */

typedef struct {
  const gf_row *row; /* NULL: `other` is called */
  void (*other)(size_t n);
  char *args[OPERANDS];
  ptrdiff_t steps[OPERANDS];
  size_t n;
} a_call;

static const uint64_t PAINT = 0xa7c3a7c3a7c3a7c3u;
static char *volatile top; /* where the stack of the call begins */

static __attribute__((noinline)) void paint(void) {
  char *const here = __builtin_frame_address(0);
  /* Downwards: on Windows the stack grows by the page next to it. */
  volatile uint64_t *at = (void *)(here - NEAR);
  while ((char *)at > here - PAINTED)
    *--at = PAINT;
}

static __attribute__((noinline)) void run(const a_call *call) {
  top = __builtin_frame_address(0);
  if (call->row)
    gf_call(call->row, call->args, call->steps, call->n);
  else
    call->other(call->n);
}

static __attribute__((noinline)) size_t painted_below_top(void) {
  char *const here = __builtin_frame_address(0);
  const volatile uint64_t *at = (void *)(here - PAINTED + NEAR);
  while ((char *)at < top && *at == PAINT)
    at++;
  return (size_t)(top - (char *)at);
}

static size_t stack_of(const a_call *call) {
  paint();
  run(call);
  return painted_below_top();
}

/* ---- Inputs */

enum { SOME_IN_TAIL, MANY_IN_TAIL, ANY_BITS, FILLS };
enum { SHIFT = 7, VALUES = N + OPERANDS * SHIFT }; /* operand k begins at value SHIFT * k */

static char values[FILLS][VALUES * sizeof(double)];

static double number(int fill, size_t i) {
  const double inner = -3 + 6 * (double)(i * 37 % 101) / 101, outer = -9 - (double)(i % 50);
  return fill == MANY_IN_TAIL ? i % 5 ? outer : -outer : i % 4 ? inner : outer;
}

static uint16_t half_of(gf_dtype dtype, uint32_t single) { /* for numbers of moderate size */
  const uint32_t magnitude = (single >> 13 & 0x3ffff) - 0x1c000;
  return (uint16_t)(dtype == GF_F16 ? (single >> 16 & 0x8000) | magnitude : single >> 16);
}

static void put(gf_dtype dtype, char *at, int fill, size_t i) {
  const double x = number(fill, i);
  const float single = (float)x;
  uint64_t bits = (i + 1) * 0x9e3779b97f4a7c15u;
  uint32_t single_bits;
  memcpy(&single_bits, &single, sizeof single);
  if (fill == ANY_BITS)
    bits ^= bits >> 29;
  else if (dtype == GF_F64)
    memcpy(&bits, &x, sizeof bits);
  else
    bits = dtype == GF_F32 ? single_bits : half_of(dtype, single_bits);
  memcpy(at, &bits, gf_dtype_size(dtype)); /* little-endian machines only */
}

static void fill_values(gf_dtype dtype) {
  for (int fill = 0; fill < FILLS; fill++)
    for (size_t i = 0; i < VALUES; i++)
      put(dtype, values[fill] + i * gf_dtype_size(dtype), fill, i);
}

/* Fills n elements of the operands, which are `apart` sizes apart. */
static void fill_operands(size_t size, int fill, size_t apart, size_t n) {
  for (size_t k = 0; k < OPERANDS; k++)
    for (size_t i = 0; i < n; i += apart == 1 ? n : 1)
      memcpy(operands[k] + i * apart * size, values[fill] + (i + SHIFT * k) * size,
             apart == 1 ? n * size : size);
}

/* ---- The paths of the loops */

static const char *const PATHS[] = {
    "side by side",    "streamed",           "in place",  "two in place", "one ahead", "apart",
    "apart, in place", "apart, overlapping", "backwards", "broadcast",    "accumulate"};
enum {
  SIDE_BY_SIDE,
  STREAMED,
  IN_PLACE,
  TWO_IN_PLACE,
  AHEAD,
  SPREAD,
  SPREAD_IN_PLACE,
  SPREAD_AHEAD,
  BACKWARDS,
  BROADCAST,
  ACCUMULATE
};
enum { PATH_COUNT = sizeof PATHS / sizeof PATHS[0] };

static int is_apart(int path) {
  return path == SPREAD || path == SPREAD_IN_PLACE || path == SPREAD_AHEAD;
}

static a_call make_call(const gf_row *row, int path, size_t n) {
  const int nin = row->function->nin, nout = row->function->nout;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  a_call call = {.row = row, .n = n};
  for (int k = 0; k < nin + nout; k++) {
    call.args[k] = operands[k];
    call.steps[k] = is_apart(path) ? APART * size : path == BACKWARDS ? -size : size;
    if (path == BACKWARDS)
      call.args[k] += (ptrdiff_t)(n - 1) * size;
  }
  char **in = call.args, **out = call.args + nin;
  if (path == IN_PLACE || path == SPREAD_IN_PLACE)
    out[0] = in[0];
  for (int k = 0; k < nout && path == TWO_IN_PLACE; k++)
    out[k] = in[nin - 1 - k > 0 ? nin - 1 - k : 0];
  if (path == AHEAD || path == SPREAD_AHEAD)
    out[0] = operands[0], in[0] += call.steps[0];
  if (path == BROADCAST)
    call.steps[nin - 1] = 0;
  if (path == ACCUMULATE && nin == 2)
    in[0] = out[0], call.steps[0] = call.steps[2] = 0;
  return call;
}

/* The deepest call of the row; prints what contains `wanted`. */
static size_t deepest_of(const gf_row *row, const char *wanted) {
  static const char *const DTYPES[] = {"f16", "bf16", "f32", "f64"};
  static const size_t LENGTHS[] = {1, 5, 200, N - 1};
  const size_t stream_bytes = gf_stream_bytes();
  size_t deepest = 0;
  fill_values(row->dtype);
  for (int path = 0; path < PATH_COUNT; path++) {
    size_t of_path = 0;
    gf_set_stream_bytes(path == STREAMED ? 1 : SIZE_MAX);
    for (int fill = 0; fill < FILLS; fill++)
      for (size_t l = 0; l < sizeof LENGTHS / sizeof LENGTHS[0]; l++) {
        const a_call call = make_call(row, path, LENGTHS[l]);
        const size_t size = gf_dtype_size(row->dtype);
        fill_operands(size, fill, is_apart(path) ? APART : 1, LENGTHS[l] + 1);
        const size_t taken = stack_of(&call);
        of_path = taken > of_path ? taken : of_path;
      }
    char name[128];
    snprintf(name, sizeof name, "%s_%s %s, %s", row->function->name, DTYPES[row->dtype], gf_isa(),
             PATHS[path]);
    if (wanted && strstr(name, wanted))
      printf("%6zu %s\n", of_path, name);
    deepest = of_path > deepest ? of_path : deepest;
  }
  gf_set_stream_bytes(stream_bytes);
  return deepest;
}

/* ---- The functions of one number */

static void call_single(size_t row) {
  char *args[OPERANDS];
  for (size_t k = 0; k < OPERANDS; k++)
    args[k] = operands[k];
  single[row](args);
}

static size_t deepest_single(size_t row) {
  size_t deepest = 0;
  for (int fill = 0; fill < FILLS; fill++)
    for (size_t i = 0; i < 50; i++) {
      for (size_t k = 0; k < OPERANDS; k++)
        put(gf_row_at(row)->dtype, operands[k], fill, i + SHIFT * k);
      const a_call call = {.other = call_single, .n = row};
      const size_t taken = stack_of(&call);
      deepest = taken > deepest ? taken : deepest;
    }
  return deepest;
}

/* ---- The other functions */

static void look_up(size_t n) {
  static const uint8_t table[256];
  gf_lookup_u8(table, (uint8_t *)operands[0], (uint8_t *)operands[1], n);
}

static void ask(size_t i) {
  gf_isa_name(i);
  gf_isa_available(i);
  gf_isa();
  gf_isa_error();
  gf_cpu_features();
  gf_row_at(i);
  gf_isa_select("no such name");
}

static size_t deepest_of_others(void) {
  size_t deepest = 0;
  for (size_t n = 1; n < N; n += 500)
    for (int k = 0; k < 2; k++) {
      gf_set_stream_bytes(k ? 1 : SIZE_MAX);
      const a_call call = {.other = k ? look_up : ask, .n = n};
      const size_t taken = stack_of(&call);
      deepest = taken > deepest ? taken : deepest;
    }
  return deepest;
}

int main(int argc, char **argv) {
  if (IS_INSTRUMENTED) {
    puts("ok     stack: not measured, because a sanitizer changes it");
    return 0;
  }
  int failed = 0;
  for (size_t k = 0; k < gf_isa_count(); k++) {
    if (gf_isa_select(gf_isa_name(k)))
      continue;
    size_t deepest = deepest_of_others();
    const char *name = "a function without a row";
    for (size_t i = 0; i < gf_row_count(); i++) {
      const size_t of_arrays = deepest_of(gf_row_at(i), argc > 1 ? argv[1] : NULL);
      const size_t of_one = deepest_single(i);
      const size_t taken = of_one > of_arrays ? of_one : of_arrays;
      if (taken > deepest)
        deepest = taken, name = gf_row_at(i)->function->name;
      if (taken > LIMIT)
        printf("       %s takes %zu bytes\n", gf_row_at(i)->function->name, taken);
    }
    printf("%s stack on %s: at most %zu bytes (%s)\n", deepest > LIMIT ? "FAILED" : "ok    ",
           gf_isa(), deepest, name);
    failed += deepest > LIMIT;
  }
  return failed > 0;
}
