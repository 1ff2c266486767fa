/* Tests the public C interface, for every row of the table and every instruction set of this
 * machine. It is C11 and C++:
 *
 *     python src/gelu_c/build_core.py build/libgelu_c.a
 *     cc -std=c11 -Isrc/gelu_c/include -Isrc/gelu_c -o build/test_api tests/c/test_api.c \
 *       build/libgelu_c.a -lm -pthread
 *     build/test_api
 *
 * The last line says how many tests passed; the status is 1 if one failed. Inputs and outputs end
 * where a page without access begins. The tests also run with -fsanitize=address,undefined. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "gelu_c.h"
#include "singles.h"
#include "system.h"

enum { LONGEST = 70, ARGS_MAX = 5, OUT_MAX = 2 };

/* ---- A test framework in four lines */

static int failures; /* of the current test */

#define CHECK(condition, ...)                                                                      \
  do {                                                                                             \
    if (!(condition) && failures++ < 3) {                                                          \
      printf("    %s:%d: %s: ", __FILE__, __LINE__, #condition);                                   \
      printf(__VA_ARGS__);                                                                         \
      putchar('\n');                                                                               \
    }                                                                                              \
  } while (0)

/* ---- Rows, inputs, buffers */

/* args: inputs, then outputs, each with n elements side by side */
typedef void plain_function(char *const *args, size_t n);

#define ARGS_1_1(T) (const T *)args[0], (T *)args[1]
#define ARGS_2_1(T) (const T *)args[0], (const T *)args[1], (T *)args[2]
#define ARGS_3_1(T) (const T *)args[0], (const T *)args[1], (const T *)args[2], (T *)args[3]
#define ARGS_3_2(T) ARGS_3_1(T), (T *)args[4]
#define PLAIN(name, dtype, suffix, T, arguments)                                                   \
  static void call_##name##_##dtype(char *const *args, size_t n) {                                 \
    gf_##name##_##suffix(arguments(T), n);                                                         \
  }
#define PLAIN_EXACT(name, arguments)                                                               \
  PLAIN(name, F16, f16, gf_float16, arguments)                                                     \
  PLAIN(name, BF16, bf16, gf_bfloat16, arguments)                                                  \
  PLAIN(name, F32, f32, float, arguments)
#define PLAIN_ALL(name, arguments)                                                                 \
  PLAIN_EXACT(name, arguments) PLAIN(name, F64, f64, double, arguments)
#define EXACT(name, base, nin, ...) PLAIN_EXACT(name, ARGS_##nin##_1)
#define FUNCTION(name, nin, ...) PLAIN_ALL(name, ARGS_##nin##_1)
#define COMPOUND(name, nin, nout, ...) PLAIN_ALL(name, ARGS_##nin##_##nout)
#include "table/each.h"

/* gf_gelu_f16, gf_gelu_f32, ..., in the order of the rows */
static plain_function *const plain[] = {
#define ROW(name, dtype, ...) call_##name##_##dtype,
#include "table/each.h"
};

static const char *const dtype_names[] = {"f16", "bf16", "f32", "f64"};

static size_t size_of(const gf_row *row) { return gf_dtype_size(row->dtype); }

/* Input i of a sequence that reaches every part of a function: special numbers, then all
 * magnitudes. */
static void put_input(const gf_row *row, char *at, size_t i) {
  static const double specials[] = {0.0,   -0.0, INFINITY, -INFINITY, NAN, 1e-40, -1e-40, -5.5,
                                    -13.9, -6.3, 6.3,      -0.75,     1.5, 65504, -65504, 3e38};
  const size_t special_count = sizeof specials / sizeof specials[0];
  const double x = i < special_count
                       ? specials[i]
                       : ldexp((i % 3 ? -1.0 : 1.0) * (1 + (double)i / 97), (int)(i * 5 % 17) - 12);
  if (row->dtype == GF_F64) {
    memcpy(at, &x, sizeof x);
  } else if (row->dtype == GF_F32) {
    const float single = (float)x;
    memcpy(at, &single, sizeof single);
  } else {
    const unsigned infinity = row->dtype == GF_F16 ? 0x7c00 : 0x7f80;
    const uint16_t half = (uint16_t)(i < 4 ? i * infinity : i * 2741u);
    memcpy(at, &half, sizeof half);
  }
}

/* Element i of input k. */
static void put_argument(const gf_row *row, char *at, int k, size_t i) {
  const size_t others = (size_t)(row->function->nin - 1 - k); /* 0: the sequence itself */
  put_input(row, at, others == 0 ? i : (others * 4 + 3) * i + 20);
}

static int arg_count(const gf_row *row) { return row->function->nin + row->function->nout; }

/* The arguments of gf_call. */
typedef struct {
  char *args[ARGS_MAX];
  ptrdiff_t steps[ARGS_MAX];
} arguments;

/* `size` bytes that end where a page without access begins. */
static char *guarded(size_t size) {
  const size_t page = page_size();
  const size_t room = (size + page - 1) / page * page;
  char *start = new_pages(room + page);
  if (!start || forbid(start + room, page)) {
    perror("guarded");
    exit(2);
  }
  return start + room - size;
}

static void unguard(char *buffer, size_t size) {
  const size_t page = page_size();
  const size_t room = (size + page - 1) / page * page;
  free_pages(buffer + size - room, room + page);
}

/* Arrays of n elements for every argument; each ends where a page without access begins. */
static arguments make_arguments(const gf_row *row, size_t n, const ptrdiff_t *steps) {
  arguments a;
  for (int k = 0; k < arg_count(row); k++) {
    const size_t bytes = n == 0 ? 0 : (n - 1) * (size_t)llabs(steps[k]) + size_of(row);
    char *start = guarded(bytes);
    a.steps[k] = steps[k];
    a.args[k] = steps[k] < 0 && n > 0 ? start + bytes - size_of(row) : start;
    for (size_t i = k < row->function->nin ? n : 0; i-- > 0;) /* element 0 last, for step 0 */
      put_argument(row, a.args[k] + (ptrdiff_t)i * steps[k], k, i);
    if (k >= row->function->nin)
      memset(start, 0x5a, bytes);
  }
  return a;
}

static char *start_of(const gf_row *row, const arguments *a, int k, size_t n) {
  (void)row;
  return a->steps[k] < 0 && n > 0 ? a->args[k] + (ptrdiff_t)(n - 1) * a->steps[k] : a->args[k];
}

static size_t bytes_of(const gf_row *row, const arguments *a, int k, size_t n) {
  return n == 0 ? 0 : (n - 1) * (size_t)llabs(a->steps[k]) + size_of(row);
}

static void free_arguments(const gf_row *row, const arguments *a, size_t n) {
  for (int k = 0; k < arg_count(row); k++)
    unguard(start_of(row, a, k, n), bytes_of(row, a, k, n));
}

typedef struct {
  char bytes[OUT_MAX][LONGEST * sizeof(double)];
} results;

/* The expected results: one call for each element. */
static results one_by_one(const gf_row *row, const arguments *a, size_t n) {
  static const ptrdiff_t no_steps[ARGS_MAX] = {0};
  results want;
  for (size_t i = 0; i < n; i++) {
    char *args[ARGS_MAX];
    for (int k = 0; k < arg_count(row); k++)
      args[k] = k < row->function->nin ? a->args[k] + (ptrdiff_t)i * a->steps[k]
                                       : want.bytes[k - row->function->nin] + i * size_of(row);
    gf_call(row, args, no_steps, 1);
  }
  return want;
}

static void dense_steps(const gf_row *row, ptrdiff_t *steps) {
  for (int k = 0; k < ARGS_MAX; k++)
    steps[k] = (ptrdiff_t)size_of(row);
}

/* ---- Tests that run for every row and instruction set */

#define WHERE "%s %s on %s", row->function->name, dtype_names[row->dtype], gf_isa()

static void every_length(const gf_row *row, size_t number) {
  const int nin = row->function->nin, nout = row->function->nout;
  ptrdiff_t steps[ARGS_MAX];
  dense_steps(row, steps);
  for (size_t n = 0; n <= LONGEST; n++) {
    arguments a = make_arguments(row, n, steps);
    const results want = one_by_one(row, &a, n);
    plain[number](a.args, n);
    for (int k = 0; k < nout; k++)
      CHECK(memcmp(a.args[nin + k], want.bytes[k], n * size_of(row)) == 0, WHERE);
    for (int in_place = 0; in_place + nout <= nin; in_place++) { /* over one input, or two */
      arguments b = make_arguments(row, n, steps);
      char *args[ARGS_MAX];
      memcpy(args, b.args, sizeof args);
      for (int k = 0; k < nout; k++)
        args[nin + k] = args[in_place + k];
      plain[number](args, n);
      for (int k = 0; k < nout; k++)
        CHECK(memcmp(args[nin + k], want.bytes[k], n * size_of(row)) == 0, WHERE);
      free_arguments(row, &b, n);
    }
    free_arguments(row, &a, n);
  }
}

/* Fills an input with special numbers, subnormals, numbers of any magnitude and any bits. */
static void put_varied(const gf_row *row, char *at, int k, size_t i) {
  const uint64_t bits = (i * ARGS_MAX + (size_t)k + 1) * 0x9e3779b97f4a7c15u;
  const uint64_t any = bits ^ bits >> 31;
  if (i % 3 == 0)
    put_argument(row, at, k, i / 3);
  else
    memcpy(at, &any, size_of(row)); /* little-endian machines only */
  if (i % 12 == 1) {                /* subnormal */
    static const int exponents[] = {5, 8, 8, 11};
    const uint64_t small =
        any & (((uint64_t)1 << (size_of(row) * 8 - 1 - exponents[row->dtype])) - 1);
    memcpy(at, &small, size_of(row));
  }
}

/* A vector that is full of other numbers gives the same bits as one element: in the array functions,
 * which evaluate chunks, and in calls shorter than a vector. */
static void one_element(const gf_row *row, size_t number) {
  enum { N = 600, SHORT = 7 };
  static char in[ARGS_MAX][N * sizeof(double)], want[OUT_MAX][N * sizeof(double)];
  const int nin = row->function->nin, nout = row->function->nout;
  const size_t size = size_of(row);
  arguments a;
  dense_steps(row, a.steps);
  for (int k = 0; k < nin; k++) {
    a.args[k] = in[k];
    for (size_t i = 0; i < N; i++)
      put_varied(row, in[k] + i * size, k, i);
  }
  for (int k = 0; k < nout; k++)
    a.args[nin + k] = want[k];
  gf_call(row, a.args, a.steps, N);
  for (size_t i = 0; i + SHORT <= N; i++) {
    double out[OUT_MAX][SHORT];
    char *args[ARGS_MAX];
    for (int k = 0; k < nin; k++)
      args[k] = in[k] + i * size;
    for (int k = 0; k < nout; k++)
      args[nin + k] = (char *)out[k];
    single[number](args);
    for (int k = 0; k < nout; k++)
      CHECK(memcmp(out[k], want[k] + i * size, size) == 0, WHERE);
    gf_call(row, args, a.steps, SHORT);
    for (int k = 0; k < nout; k++)
      CHECK(memcmp(out[k], want[k] + i * size, SHORT * size) == 0, WHERE);
  }
}

/* Elements are steps[k] bytes apart; the bytes between the outputs must not change. */
static void check_strided(const gf_row *row, const ptrdiff_t *steps) {
  enum { N = 67 };
  const int nin = row->function->nin;
  arguments a = make_arguments(row, N, steps);
  const results want = one_by_one(row, &a, N);
  gf_call(row, a.args, a.steps, N);
  for (int k = nin; k < arg_count(row); k++) {
    const size_t bytes = bytes_of(row, &a, k, N);
    char *out = start_of(row, &a, k, N), *expected = (char *)malloc(bytes);
    if (!expected)
      exit(2);
    memset(expected, 0x5a, bytes);
    for (size_t i = 0; i < N; i++)
      memcpy(expected + (a.args[k] - out) + (ptrdiff_t)i * steps[k],
             want.bytes[k - nin] + i * size_of(row), size_of(row));
    CHECK(memcmp(out, expected, bytes) == 0, WHERE);
    free(expected);
  }
  free_arguments(row, &a, N);
}

static void strides(const gf_row *row, size_t number) {
  (void)number;
  const ptrdiff_t size = (ptrdiff_t)size_of(row);
  const ptrdiff_t in_steps[] = {0, size, -size, 2 * size, 3 * size, -2 * size, size + 1};
  const ptrdiff_t out_steps[] = {size, -size, 5 * size, 2 * size + 1};
  enum { INS = sizeof in_steps / sizeof *in_steps, OUTS = sizeof out_steps / sizeof *out_steps };
  for (size_t i = 0; i < INS; i++)
    for (size_t o = 0; o < OUTS; o++)
      for (size_t d = 0; d < (row->function->nin > 1 ? 3 : 1); d++) {
        ptrdiff_t steps[ARGS_MAX];
        for (int k = 0; k < ARGS_MAX; k++)
          steps[k] = k >= row->function->nin       ? out_steps[(o + (size_t)k) % OUTS]
                     : k == row->function->nin - 1 ? in_steps[i]
                                                   : in_steps[(d + (size_t)k) % INS];
        check_strided(row, steps);
      }
}

/* An input that is ahead of the output (gelu_c.h), with enough lanes in the tail to fill any buffer
 * */
static void input_ahead_of_output(const gf_row *row, size_t number) {
  enum { N = 3000, AHEAD_MAX = 40 };
  static char in[ARGS_MAX][(N + AHEAD_MAX) * sizeof(double)], want[OUT_MAX][N * sizeof(double)];
  static const size_t shifts[] = {0, 1, 2, 15, 16, 17, AHEAD_MAX};
  (void)number;
  const int nin = row->function->nin, nout = row->function->nout;
  for (size_t s = 0; s < sizeof shifts / sizeof shifts[0]; s++) {
    arguments a;
    dense_steps(row, a.steps);
    for (int k = 0; k < nin; k++) {
      a.args[k] = in[k] + shifts[s] * size_of(row);
      for (size_t i = 0; i < N; i++)
        put_argument(row, a.args[k] + i * size_of(row), k, i * i % LONGEST);
    }
    for (int k = 0; k < nout; k++)
      a.args[nin + k] = want[k];
    gf_call(row, a.args, a.steps, N);
    for (int k = 0; k < nout; k++)
      a.args[nin + k] = in[nin - nout + k];
    gf_call(row, a.args, a.steps, N);
    for (int k = 0; k < nout; k++)
      CHECK(memcmp(in[nin - nout + k], want[k], N * size_of(row)) == 0, WHERE);
  }
}

static void any_alignment(const gf_row *row, size_t number) {
  (void)number;
  ptrdiff_t steps[ARGS_MAX];
  dense_steps(row, steps);
  arguments a = make_arguments(row, LONGEST, steps);
  const results want = one_by_one(row, &a, LONGEST);
  const size_t bytes = LONGEST * size_of(row);
  for (size_t offset = 1; offset < 64; offset += 6) {
    arguments b = a;
    for (int k = 0; k < arg_count(row); k++) {
      b.args[k] = guarded(bytes + offset + 5 * (size_t)k);
      memcpy(b.args[k], a.args[k], bytes);
    }
    gf_call(row, b.args, b.steps, LONGEST);
    for (int k = 0; k < row->function->nout; k++)
      CHECK(memcmp(b.args[row->function->nin + k], want.bytes[k], bytes) == 0, WHERE);
    for (int k = 0; k < arg_count(row); k++)
      unguard(b.args[k], bytes + offset + 5 * (size_t)k);
  }
  free_arguments(row, &a, LONGEST);
}

/* Inputs 0 to LONGEST - 1, made before the test changes the floating-point environment */
typedef struct {
  char bytes[LONGEST * sizeof(double)];
} buffer;

static buffer all_inputs(const gf_row *row) {
  buffer x;
  memset(&x, 0, sizeof x);
  for (size_t i = 0; i < LONGEST; i++)
    put_input(row, x.bytes + i * size_of(row), i);
  return x;
}

/* How often an environment is tried: with calls of these lengths, and last with single numbers */
static const size_t lengths[] = {0, 1, 5, LONGEST};
enum { CALLS = sizeof lengths / sizeof lengths[0] + 1 };

static void call_in_way(const gf_row *row, size_t number, buffer *x, buffer *out, int way) {
  ptrdiff_t steps[ARGS_MAX];
  dense_steps(row, steps);
  buffer second;
  char *args[ARGS_MAX] = {x->bytes, x->bytes, x->bytes};
  args[row->function->nin] = out->bytes;
  if (row->function->nout == 2)
    args[row->function->nin + 1] = second.bytes;
  if (way < CALLS - 1) {
    gf_call(row, args, steps, lengths[way]);
    return;
  }
  for (size_t i = 0; i < LONGEST; i++) {
    single[number](args);
    for (int k = 0; k < arg_count(row); k++)
      args[k] += size_of(row);
  }
}

static void call(const gf_row *row, buffer *x, buffer *out) {
  call_in_way(row, 0, x, out, CALLS - 2);
}

static int same_results(const gf_row *row, const buffer *a, const buffer *b) {
  return memcmp(a->bytes, b->bytes, LONGEST * size_of(row)) == 0;
}

/* Of the register of vectors: feraiseexcept of glibc raises those of the x87 unit. */
static void set_flags(int flags) {
  feclearexcept(FE_ALL_EXCEPT);
#if defined(__x86_64__)
  _mm_setcsr((_mm_getcsr() & ~0x3fu) | (unsigned)flags);
#else
  feraiseexcept(flags);
#endif
}

static int get_flags(void) {
#if defined(__x86_64__)
  return (int)(_mm_getcsr() & 0x3f); /* the bits of FE_INVALID ..., and the one for subnormals */
#else
  return fetestexcept(FE_ALL_EXCEPT);
#endif
}

static void flags_untouched(const gf_row *row, size_t number) {
  static const int raised[] = {0, FE_INEXACT, FE_INVALID | FE_OVERFLOW, FE_ALL_EXCEPT};
  buffer x = all_inputs(row), out;
  for (size_t i = 0; i < sizeof raised / sizeof raised[0]; i++)
    for (int way = 0; way < CALLS; way++) {
      set_flags(raised[i]);
      const int before = get_flags(); /* raising overflow may raise inexact, too */
      call_in_way(row, number, &x, &out, way);
      CHECK((before & raised[i]) == raised[i] && get_flags() == before, WHERE);
    }
  set_flags(0);
}

static uint64_t get_flush_mode(void) {
#if defined(__x86_64__)
  return _mm_getcsr() & 0x8040;
#elif defined(__aarch64__)
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  return control & (1u << 24);
#else
  return 0;
#endif
}

/* Flushes subnormals to zero, on input too, as -ffast-math does in the whole process. */
static void set_flush_mode(int on) {
#if defined(__x86_64__)
  _mm_setcsr((_mm_getcsr() & ~0x8040u) | (on ? 0x8040u : 0));
#elif defined(__aarch64__)
  const uint64_t control = on ? 1u << 24 : 0;
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
#else
  (void)on;
#endif
}

static void flush_mode_ignored(const gf_row *row, size_t number) {
  buffer x = all_inputs(row), want, out;
  for (int way = 0; way < CALLS; way++) {
    memset(&want, 0, sizeof want);
    memset(&out, 0, sizeof out);
    call_in_way(row, number, &x, &want, way);
    set_flush_mode(1);
    const uint64_t before = get_flush_mode();
    call_in_way(row, number, &x, &out, way);
    const uint64_t after = get_flush_mode();
    set_flush_mode(0);
    CHECK(before == after, WHERE);
    CHECK(same_results(row, &out, &want), WHERE);
  }
}

static void rounding_mode_ignored(const gf_row *row, size_t number) {
  static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  buffer x = all_inputs(row), want, out;
  for (int way = 0; way < CALLS; way++) {
    memset(&want, 0, sizeof want);
    memset(&out, 0, sizeof out);
    call_in_way(row, number, &x, &want, way);
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
      fesetround(modes[i]);
      call_in_way(row, number, &x, &out, way);
      const int after = fegetround();
      fesetround(FE_TONEAREST);
      CHECK(after == modes[i], WHERE);
      CHECK(same_results(row, &out, &want), WHERE);
    }
  }
}

/* With traps on, an instruction that raises a flag would end the program. */
static void traps_ignored(const gf_row *row, size_t number) {
#if defined(__x86_64__)
  buffer x = all_inputs(row), want, out;
  for (int way = 0; way < CALLS; way++) {
    memset(&want, 0, sizeof want);
    memset(&out, 0, sizeof out);
    call_in_way(row, number, &x, &want, way);
    set_flags(0);
    const unsigned before = _mm_getcsr(), trapping = before & ~0x1f80u;
    _mm_setcsr(trapping);
    call_in_way(row, number, &x, &out, way);
    const unsigned after = _mm_getcsr();
    _mm_setcsr(before);
    CHECK(after == trapping, WHERE);
    CHECK(same_results(row, &out, &want), WHERE);
  }
#else
  (void)row, (void)number;
#endif
}

typedef struct {
  const gf_row *row;
  buffer x, want;
  int wrong;
} thread_work;

static void *work_in_thread(void *argument) {
  thread_work *work = (thread_work *)argument;
  buffer out;
  for (int i = 0; i < 200; i++) {
    call(work->row, &work->x, &out);
    work->wrong += !same_results(work->row, &out, &work->want);
  }
  return NULL;
}

static void threads(const gf_row *row, size_t number) {
  (void)number;
  enum { THREADS = 4 };
  pthread_t ids[THREADS];
  thread_work work[THREADS];
  for (int i = 0; i < THREADS; i++) {
    work[i].row = row;
    work[i].x = all_inputs(row);
    work[i].wrong = 0;
    call(row, &work[i].x, &work[i].want);
  }
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&ids[i], NULL, work_in_thread, &work[i]))
      exit(2);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(ids[i], NULL);
    CHECK(work[i].wrong == 0, WHERE);
  }
}

/* ---- Tests that run once */

static void table(void) {
  const size_t count = gf_row_count();
  CHECK(count == sizeof plain / sizeof plain[0], "%zu rows", count);
  CHECK(gf_row_at(count) == NULL, "past the end");
  CHECK(gf_row_at(SIZE_MAX) == NULL, "past the end");
  for (size_t i = 0; i < count; i++) {
    const gf_row *row = gf_row_at(i);
    CHECK(row->bound_ulp >= 0.5 && row->bound_ulp < 100, WHERE);
    CHECK(row->lo < row->hi, WHERE);
    CHECK(row->function->nin >= 1 && row->function->nout >= 1, WHERE);
    CHECK(arg_count(row) <= ARGS_MAX && row->function->nout <= OUT_MAX, WHERE);
    CHECK((int)row->dtype >= 0 && row->dtype < GF_DTYPES, WHERE);
    for (size_t k = 0; k < i; k++) {
      const gf_row *other = gf_row_at(k);
      const int same = strcmp(row->function->name, other->function->name) == 0;
      CHECK(same == (row->function == other->function), WHERE);
      CHECK(!same || row->dtype != other->dtype, WHERE);
      CHECK(!same || gf_row_at(i - 1)->function == row->function, WHERE);
    }
  }
}

static void isa_select(void) {
  CHECK(gf_isa_count() > 0, "no instruction set");
  CHECK(gf_isa_name(gf_isa_count()) == NULL, "past the end");
  CHECK(!gf_isa_available(gf_isa_count()), "past the end");
  CHECK(strcmp(gf_isa_name(gf_isa_count() - 1), "scalar") == 0, "scalar is not last");
  CHECK(gf_isa_available(gf_isa_count() - 1), "scalar cannot run");
  for (size_t i = 0; i < gf_isa_count(); i++) {
    const char *name = gf_isa_name(i), *before = gf_isa();
    const int available = gf_isa_available(i);
    CHECK(gf_isa_select(name) == (available ? 0 : -1), "%s", name);
    CHECK(strcmp(gf_isa(), available ? name : before) == 0, "%s", name);
  }
  const char *before = gf_isa();
  CHECK(gf_isa_select("abacus") == -1, "a name that there is not");
  CHECK(gf_isa_select("") == -1, "an empty name");
  CHECK(strcmp(gf_isa(), before) == 0, "a refusal changed the choice");
}

#if HAS_FORK

/* Runs `check` in a new process, because the choice is made once; returns its result. */
static int in_new_process(int (*check)(void)) {
  fflush(stdout);
  const pid_t pid = fork();
  if (pid == 0)
    _exit(check());
  int status;
  return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static int best_isa_is_chosen(void) {
  unset_variable("GELU_FAST_ISA");
  const char *chosen = gf_isa();
  for (size_t i = 0; i < gf_isa_count(); i++)
    if (gf_isa_available(i))
      return strcmp(chosen, gf_isa_name(i)) != 0 || gf_isa_error() != NULL;
  return 1;
}

static int scalar_is_forced(void) {
  set_variable("GELU_FAST_ISA", "scalar");
  return strcmp(gf_isa(), "scalar") != 0 || gf_isa_error() != NULL;
}

static int unknown_isa_is_reported(void) {
  set_variable("GELU_FAST_ISA", "abacus");
  return !gf_isa_error() || strcmp(gf_isa_error(), "abacus") != 0 || !gf_isa();
}

static int corrected_isa_is_chosen(void) {
  set_variable("GELU_FAST_ISA", "abacus");
  if (!gf_isa_error())
    return 1;
  set_variable("GELU_FAST_ISA", "scalar");
  return gf_isa_error() != NULL || strcmp(gf_isa(), "scalar") != 0;
}

static void environment(void) { /* runs first, before anything asks for an instruction set */
  CHECK(in_new_process(best_isa_is_chosen) == 0, "without GELU_FAST_ISA");
  CHECK(in_new_process(scalar_is_forced) == 0, "GELU_FAST_ISA=scalar");
  CHECK(in_new_process(unknown_isa_is_reported) == 0, "GELU_FAST_ISA=abacus");
  CHECK(in_new_process(corrected_isa_is_chosen) == 0, "GELU_FAST_ISA=abacus, then scalar");
}

#else

static void environment(void) {
  set_variable("GELU_FAST_ISA", "abacus");
  CHECK(gf_isa_error() && strcmp(gf_isa_error(), "abacus") == 0, "GELU_FAST_ISA=abacus");
  set_variable("GELU_FAST_ISA", "scalar");
  CHECK(!gf_isa_error() && strcmp(gf_isa(), "scalar") == 0, "GELU_FAST_ISA=scalar");
}

#endif

/* 16-bit types compute a vector with tiny numbers in double, and what is NaN there once more. The
 * arrays are misaligned. */
static void nan_beside_tiny(const gf_row *row, size_t number) {
  (void)number;
  enum { N = 200 };
  static const double specials[] = {INFINITY, -INFINITY, 0.0, -3.0};
  static char in[ARGS_MAX][N * sizeof(double) + 1], out[OUT_MAX][N * sizeof(double) + 1];
  const int nin = row->function->nin, nout = row->function->nout;
  const size_t size = size_of(row);
  arguments a;
  dense_steps(row, a.steps);
  for (int k = 0; k < nin; k++) {
    a.args[k] = in[k] + 1;
    for (size_t i = 0; i < N; i++) {
      const uint64_t tiny = k == 0;
      const double x = specials[i >> (2 * k + 1) & 3];
      const float single = (float)x;
      const uint16_t half = (uint16_t)((isinf(x) ? 0x7c00 : x == 0 ? 0 : 0x4200) | (x < 0) << 15);
      char *at = a.args[k] + i * size;
      if (i % 2 == 0)
        memcpy(at, &tiny, size);
      else if (row->dtype == GF_F64)
        memcpy(at, &x, size);
      else if (row->dtype == GF_F32)
        memcpy(at, &single, size);
      else if (row->dtype == GF_BF16)
        memcpy(at, (const char *)&single + 2, size);
      else
        memcpy(at, &half, size);
    }
  }
  for (int k = 0; k < nout; k++)
    a.args[nin + k] = out[k] + 1;
  gf_call(row, a.args, a.steps, N);
  for (size_t i = 0; i < N; i++) {
    double alone[OUT_MAX];
    char *args[ARGS_MAX];
    for (int k = 0; k < nin; k++)
      args[k] = a.args[k] + i * size;
    for (int k = 0; k < nout; k++)
      args[nin + k] = (char *)&alone[k];
    gf_call(row, args, a.steps, 1);
    for (int k = 0; k < nout; k++)
      CHECK(memcmp(a.args[nin + k] + i * size, &alone[k], size) == 0, WHERE);
  }
}

/* ---- All of them */

static int passed, failed;

static void finish(const char *name, const char *isa) {
  printf("%s %s%s%s\n", failures ? "FAILED" : "ok    ", name, *isa ? " on " : "", isa);
  failures ? failed++ : passed++;
  failures = 0;
}

typedef struct {
  const char *name;
  void (*run)(const gf_row *row, size_t number);
} row_test;

int main(void) {
  static const row_test tests[] = {
      {"every_length", every_length},
      {"one_element", one_element},
      {"strides", strides},
      {"any_alignment", any_alignment},
      {"nan_beside_tiny", nan_beside_tiny},
      {"input_ahead_of_output", input_ahead_of_output},
      {"flags_untouched", flags_untouched},
      {"flush_mode_ignored", flush_mode_ignored},
      {"rounding_mode_ignored", rounding_mode_ignored},
      {"traps_ignored", traps_ignored},
      {"threads", threads},
  };
  setvbuf(stdout, NULL, _IOLBF, BUFSIZ); /* a crash does not lose output */
  environment();
  finish("environment", "");
  table();
  finish("table", "");
  isa_select();
  finish("isa_select", "");
  for (size_t k = 0; k < gf_isa_count(); k++) {
    if (!gf_isa_available(k))
      continue;
    gf_isa_select(gf_isa_name(k));
    for (size_t t = 0; t < sizeof tests / sizeof tests[0]; t++) {
      for (size_t i = 0; i < gf_row_count(); i++)
        tests[t].run(gf_row_at(i), i);
      finish(tests[t].name, gf_isa());
    }
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed > 0;
}
