/* Tests that calls in several threads have the bits of calls in one: for every row and instruction
 * set, in all layouts that gf_call allows; with several callers at once that change the number of
 * threads, and in children of a fork. It is built like test_api.c; `make sanitize-threads` builds it
 * with ThreadSanitizer. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gelu_c.h"
#include "runtime/pool.h"
#include "runtime/split.h"
#include "system.h"

/* ThreadSanitizer allows no threads in the child of a process that has some. In qemu such a child hangs
 * in the emulator at times: no signal reaches it. */
#if !HAS_FORK || defined(__SANITIZE_THREAD__) || defined(IS_EMULATED)
#define CAN_FORK 0
#elif defined(__has_feature)
#define CAN_FORK !__has_feature(thread_sanitizer)
#else
#define CAN_FORK 1
#endif

enum { THREADS = 3, OPERANDS = 5, BYTES = 10 * 4096 + 200, APART = 3, ROOM = BYTES * APART + 64 };

static int failures;

static void check(int is_right, const char *what, const char *where) {
  if (!is_right) {
    printf("FAILED %s: %s\n", what, where);
    failures++;
  }
}

/* ---- Layouts of a call */

typedef struct {
  const char *name;
  int steps[OPERANDS];  /* of the inputs, then of the outputs, in elements */
  int shifts[OPERANDS]; /* elements before the first one */
  int is_in[OPERANDS];  /* the operand whose array it is in, or -1: its own */
  int odd;              /* bytes by which everything is moved */
  int may_split;
} layout;

#define OWN                                                                                        \
  { -1, -1, -1, -1, -1 }
/* For one input and one output, "ahead" reads (x + 1, x). With more, operand 1 of 0, 1, 2 is the one
 * that varies: the layouts are filled by `operand_of`, which gives the outputs the last columns. */
static const layout layouts[] = {
    {"side by side", {1, 1, 1, 1, 1}, {0}, OWN, 0, 1},
    {"unaligned", {1, 1, 1, 1, 1}, {1, 2, 3, 5, 9}, OWN, 0, 1},
    {"odd addresses", {1, 1, 1, 1, 1}, {0}, OWN, 1, 1},
    {"apart", {2, 3, 2, 3, 2}, {0}, OWN, 0, 1},
    {"backwards", {-1, -1, -1, -1, -1}, {0}, OWN, 0, 1},
    {"mixed", {1, -2, 3, -1, 2}, {0}, OWN, 0, 1},
    {"broadcast", {0, 0, 0, 1, 1}, {0}, OWN, 0, 1},
    {"in place", {1, 1, 1, 1, 1}, {0}, {-1, -1, -1, 0, -1}, 0, 1},
    {"in place, apart", {2, 1, 1, 2, 1}, {0}, {-1, -1, -1, 0, -1}, 0, 1},
    {"ahead", {1, 1, 1, 1, 1}, {1, 0, 0, 0, 0}, {-1, -1, -1, 0, -1}, 0, 0},
    {"far ahead", {1, 1, 1, 1, 1}, {1500, 0, 0, 0, 0}, {-1, -1, -1, 0, -1}, 0, 0},
    {"interleaved", {2, 2, 2, 2, 2}, {1, 0, 0, 0, 0}, {-1, -1, -1, 0, -1}, 0, 1},
    {"all to one", {1, 1, 1, 0, 0}, {0}, OWN, 0, 0},
};
enum { LAYOUTS = sizeof layouts / sizeof layouts[0] };

static _Alignas(64) char inputs[OPERANDS][ROOM], alone[OPERANDS][ROOM], shared[OPERANDS][ROOM];

static int column_of(const gf_function *f, int k) { return k < f->nin ? k : 3 + k - f->nin; }

/* Writes args and steps of a call on n elements in these arrays. */
static void operands_of(const layout *l, const gf_row *row, char (*arrays)[ROOM], size_t n,
                        char **args, ptrdiff_t *steps) {
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  for (int k = 0; k < row->function->nin + row->function->nout; k++) {
    const int column = column_of(row->function, k);
    const int array = l->is_in[column] < 0 ? column : l->is_in[column];
    steps[k] = l->steps[column] * size;
    const ptrdiff_t before = steps[k] < 0 ? -steps[k] * (ptrdiff_t)(n - 1) : 0;
    args[k] = arrays[array] + l->odd + before + l->shifts[column] * size;
  }
}

static void call(const layout *l, const gf_row *row, char (*arrays)[ROOM], size_t n) {
  char *args[OPERANDS];
  ptrdiff_t steps[OPERANDS];
  operands_of(l, row, arrays, n, args, steps);
  gf_call(row, args, steps, n);
}

/* Random numbers but no NaNs, in every dtype and at every address: without optimisation, compilers
 * exchange the factors of products, so that the result is another one of two NaNs. */
static void fill_inputs(void) {
  uint64_t bits = 1;
  for (int k = 0; k < OPERANDS; k++)
    for (int i = 0; i < ROOM; i++) {
      bits = bits * 6364136223846793005u + 1442695040888963407u;
      inputs[k][i] = (char)(bits >> 56 & 0xfb); /* no exponent has all bits */
    }
}

static size_t elements(const gf_row *row) { return BYTES / gf_dtype_size(row->dtype) - 1600; }

static void test_bits(const gf_row *row, const layout *l) {
  const gf_function *f = row->function;
  const size_t n = elements(row);
  char *args[OPERANDS];
  ptrdiff_t steps[OPERANDS];
  memcpy(alone, inputs, sizeof alone);
  memcpy(shared, inputs, sizeof shared);
  gf_set_num_threads(1);
  call(l, row, alone, n);
  gf_set_num_threads(THREADS);
  call(l, row, shared, n);
  check(memcmp(alone, shared, sizeof alone) == 0, f->name, l->name);
  operands_of(l, row, shared, n, args, steps);
  const int splits = gf_may_split(args, steps, f->nin, f->nout, gf_dtype_size(row->dtype), n) != 0;
  check(splits == l->may_split, "gf_may_split", l->name);
}

/* Each result is the first input of the next element, as in NumPy's reduce and accumulate. */
static void test_chain(const gf_row *row) {
  const gf_function *f = row->function;
  if (f->nin != 2 || f->nout != 1)
    return;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  for (ptrdiff_t step = 0; step <= size; step += size) {
    const ptrdiff_t steps[] = {step, size, step};
    char(*of_threads[])[ROOM] = {alone, shared};
    for (int k = 0; k < 2; k++) {
      char(*arrays)[ROOM] = of_threads[k];
      memcpy(arrays, inputs, sizeof inputs);
      gf_set_num_threads(k ? THREADS : 1);
      char *args[] = {arrays[0], arrays[1], arrays[0] + step};
      gf_call(row, args, steps, elements(row));
    }
    check(memcmp(alone, shared, sizeof alone) == 0, f->name, "chain");
  }
}

static void test_lookup(void) {
  for (int in_place = 0; in_place < 2; in_place++) {
    memcpy(alone, inputs, sizeof alone);
    memcpy(shared, inputs, sizeof shared);
    gf_set_num_threads(1);
    gf_lookup_u8((uint8_t *)alone[0], (uint8_t *)alone[1] + 3, (uint8_t *)alone[2 - in_place] + 3,
                 BYTES);
    gf_set_num_threads(THREADS);
    gf_lookup_u8((uint8_t *)shared[0], (uint8_t *)shared[1] + 3,
                 (uint8_t *)shared[2 - in_place] + 3, BYTES);
    check(memcmp(alone, shared, sizeof alone) == 0, "gf_lookup_u8", in_place ? "in place" : "");
  }
}

/* ---- gf_may_split beside a table of all bytes */

static int truly_apart(char *const *args, const ptrdiff_t *steps, int nin, size_t size, size_t n,
                       const char *memory) {
  enum { MEMORY = 4096 };
  static int writer[MEMORY];
  const int out = nin;
  memset(writer, 0, sizeof writer);
  for (size_t i = 0; i < n; i++)
    for (size_t b = 0; b < size; b++) {
      int *at = &writer[args[out] + steps[out] * (ptrdiff_t)i - memory + (ptrdiff_t)b];
      if (*at)
        return 0;
      *at = (int)i + 1;
    }
  for (int k = 0; k < nin; k++)
    for (size_t i = 0; i < n; i++)
      for (size_t b = 0; b < size; b++) {
        const int by = writer[args[k] + steps[k] * (ptrdiff_t)i - memory + (ptrdiff_t)b];
        if (by && by != (int)i + 1)
          return 0;
      }
  return 1;
}

static void test_may_split(void) {
  static char memory[4096];
  int allowed = 0, refused = 0;
  srand(1);
  for (int trial = 0; trial < 200000; trial++) {
    const size_t size = (size_t)1 << rand() % 4, n = 1 + (size_t)rand() % 12;
    char *args[2];
    ptrdiff_t steps[2];
    for (int k = 0; k < 2; k++) {
      args[k] = memory + 2000 + rand() % 100;
      steps[k] = (rand() % 9 - 4) * (ptrdiff_t)size + (rand() % 4 == 0 ? rand() % 3 - 1 : 0);
    }
    if (rand() % 2)
      steps[1] = steps[0];
    const int may = gf_may_split(args, steps, 1, 1, size, n);
    const int truly = truly_apart(args, steps, 1, size, n, memory);
    allowed += may, refused += !truly;
    if (may && !truly) {
      check(0, "gf_may_split", "allows an overlap");
      return;
    }
  }
  check(allowed > 10000 && refused > 10000, "gf_may_split", "both cases are tested");
}

/* ---- Workers take part: each of two parts waits until both are being computed */

static pthread_t computing[2];
static int arrived; /* atomic */

static void meet(const void *unused, size_t first, size_t count) {
  (void)unused, (void)count;
  computing[first] = pthread_self();
  __atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL);
  for (int i = 0; i < 20000 && __atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < 2; i++)
    nanosleep(&(struct timespec){0, 1000000}, NULL);
}

static void test_workers(const char *where) {
  const gf_work work = {meet, NULL, 0, 0, 2, 1};
  uint64_t ns;
  arrived = 0;
  gf_pool *pool = gf_pool_take();
  check(pool != NULL, "gf_pool_take", where);
  if (!pool)
    return;
  check(gf_pool_take() == NULL, "a pool is taken twice", where);
  check(gf_pool_have(pool, 2) == 2, "gf_pool_have", where);
  gf_pool_compute(pool, &work, 2, &ns);
  gf_pool_give_back(pool);
  check(arrived == 2 && !pthread_equal(computing[0], computing[1]), "two threads", where);
}

/* ---- Several callers, forks */

enum { CALLERS = 4, ROUNDS = 60, N = 9001 };

static float x[N], want[N];

static int is_right(float *out) {
  memset(out, 0, sizeof want);
  gf_gelu_f32(x, out, N);
  return memcmp(out, want, sizeof want) == 0;
}

#if HAS_FORK

/* A child has the pool of nobody: it makes its own. */
static int child_is_right(int depth) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    float *out = malloc(sizeof want);
    int right = out != NULL;
    alarm(60); /* it does not hang */
    for (int i = 0; right && i < 3; i++)
      right = is_right(out);
    if (depth > 1)
      right &= child_is_right(depth - 1);
    _exit(right ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#else

static int child_is_right(int depth) { return depth > 0; }

#endif

static pthread_barrier_t start;

static void *caller(void *argument) {
  const int id = (int)(intptr_t)argument;
  float *out = malloc(sizeof want);
  intptr_t wrong = out == NULL;
  pthread_barrier_wait(&start);
  for (int i = 0; !wrong && i < ROUNDS; i++) {
    if (i % 7 == id)
      gf_set_num_threads(1 + (i + id) % 5);
    wrong += !is_right(out);
    if (CAN_FORK && i % 10 == 2 * id)
      wrong += !child_is_right(1);
    if (i % 20 == 19) /* the workers fall asleep */
      nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  free(out);
  return (void *)wrong;
}

static void test_callers(void) {
  pthread_t ids[CALLERS];
  pthread_barrier_init(&start, NULL, CALLERS);
  for (int i = 0; i < CALLERS; i++)
    pthread_create(&ids[i], NULL, caller, (void *)(intptr_t)i);
  for (int i = 0; i < CALLERS; i++) {
    void *wrong;
    pthread_join(ids[i], &wrong);
    check(wrong == NULL, "several callers", "wrong results");
  }
  pthread_barrier_destroy(&start);
}

static void test_numbers(void) {
  unset_variable("GELU_FAST_NUM_THREADS");
  check(gf_num_threads() == 1, "gf_num_threads", "the default");
  check(gf_set_num_threads(-1) == -1 && gf_num_threads() == 1, "gf_set_num_threads", "-1");
  check(gf_set_num_threads(1025) == -1 && gf_num_threads() == 1, "gf_set_num_threads", "1025");
  check(gf_set_num_threads(0) == 0 && gf_num_threads() >= 1, "gf_set_num_threads", "0");
  check(gf_set_num_threads(1024) == 0 && gf_num_threads() == 1024, "gf_set_num_threads", "1024");
  static const char *const wrong[] = {"-1", "two", "1025", "2 ", "99999999999999999999"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    set_variable("GELU_FAST_NUM_THREADS", wrong[i]);
    const char *error = gf_threads_error();
    check(error && strcmp(error, wrong[i]) == 0, "gf_threads_error", wrong[i]);
  }
  set_variable("GELU_FAST_NUM_THREADS", "2");
  check(gf_threads_error() == NULL, "gf_threads_error", "2");
}

/* Which rows are tested: every 29th where each takes a second. */
#if defined(__SANITIZE_THREAD__) || defined(IS_EMULATED)
enum { ROW_STEP = 29 };
#else
enum { ROW_STEP = 1 };
#endif

int main(void) {
  test_numbers();
  gf_set_share_ns(0); /* every call that may be split has all threads */
  gf_set_num_threads(1);
  for (int i = 0; i < N; i++)
    x[i] = -9 + 12.0f * (float)i / N;
  gf_gelu_f32(x, want, N);
  gf_set_num_threads(THREADS);
  if (CAN_FORK)
    check(child_is_right(2), "fork", "before the first use");
  test_workers("at first");
  float *out = malloc(sizeof want);
  check(out && is_right(out), "gf_gelu_f32", "in several threads");
  free(out);
  if (CAN_FORK)
    check(child_is_right(3), "fork", "after the first use");
  test_workers("after a fork");
  test_callers();
  gf_set_num_threads(THREADS);
  fill_inputs();
  test_may_split();
  for (size_t i = 0; i < gf_isa_count(); i++)
    if (gf_isa_select(gf_isa_name(i)) == 0) {
      const int before = failures;
      for (size_t r = 0; r < gf_row_count(); r += ROW_STEP) {
        for (int l = 0; l < LAYOUTS; l++)
          test_bits(gf_row_at(r), &layouts[l]);
        test_chain(gf_row_at(r));
      }
      test_lookup();
      if (failures == before)
        printf("ok     threads on %s\n", gf_isa());
    }
  return failures > 0;
}
