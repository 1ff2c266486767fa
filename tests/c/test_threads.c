/* Calls every function of the C interface from several threads at once, on shared inputs, while
 * they change the instruction set and the streaming. It is built like test_api.c; `make
 * sanitize-threads` builds it with ThreadSanitizer, which reports every race.
 *
 * Nothing is called before the threads start, so that they race for what the first call does. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"
#include "runtime/stream.h"
#include "system.h"

enum { THREADS = 4, N = 150, OPERANDS = 5 };

static union {
  double doubles[N];
  uint8_t bytes[N * sizeof(double)];
} shared; /* the input of every call */

/* ---- gf_gelu_f16, gf_gelu_f32, ..., in the order of the rows */

typedef void plain_function(char *const *out, size_t n);

#define X(T) (const T *)(const void *)&shared
#define ARGS_1_1(T) X(T), (T *)out[0]
#define ARGS_2_1(T) X(T), X(T), (T *)out[0]
#define ARGS_3_1(T) X(T), X(T), X(T), (T *)out[0]
#define ARGS_3_2(T) ARGS_3_1(T), (T *)out[1]
#define PLAIN(name, dtype, suffix, T, arguments)                                                   \
  static void call_##name##_##dtype(char *const *out, size_t n) {                                  \
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

static plain_function *const plain[] = {
#define ROW(name, dtype, ...) call_##name##_##dtype,
#include "table/each.h"
};

/* ---- The work of a thread */

static pthread_barrier_t start;

/* The streaming and the instruction set are asked for in another order in every thread. */
static void ask(size_t number, const char **features, const char **isa) {
  if (number % 2)
    gf_stream_bytes();
  *isa = gf_isa();
  *features = gf_cpu_features();
  gf_stream_bytes();
  gf_isa_error();
}

static void call_row(size_t i, size_t number, char *const *out) {
  const gf_row *row = gf_row_at(i);
  const int nin = row->function->nin, operands = nin + row->function->nout;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  char *args[OPERANDS];
  ptrdiff_t steps[OPERANDS];
  plain[i](out, N);
  for (int k = 0; k < operands; k++) { /* backwards, so not side by side */
    args[k] = (k < nin ? (char *)&shared : out[k - nin]) + (N - 1) * size;
    steps[k] = -size;
  }
  gf_call(row, args, steps, N - number % 3);
}

/* How many texts were wrong. */
static size_t work(size_t number) {
  static const uint8_t table[256];
  static double results[THREADS][2][N];
  char *const out[] = {(char *)results[number][0], (char *)results[number][1]};
  const char *features, *isa;
  size_t wrong = 0;
  pthread_barrier_wait(&start);
  ask(number, &features, &isa);
  const size_t length = strlen(features), count = gf_isa_count();
  gf_lookup_u8(table, shared.bytes, (uint8_t *)out[0], N);
  for (size_t i = 0; i < gf_row_count(); i++) {
    call_row(i, number, out);
    gf_lookup_u8(table, shared.bytes, (uint8_t *)out[0], N);
    gf_set_stream_bytes(i % 2 ? 1 : SIZE_MAX);
    const char *name = gf_isa_name((i / 4 + number) % count);
    const int available = gf_isa_available((i / 4 + number) % count);
    wrong += (gf_isa_select(name) == 0) != available;
    wrong += strlen(features) != length || gf_cpu_features() != features;
    wrong += gf_isa_select("no such name") == 0 || strlen(gf_isa()) == 0;
    wrong += gf_isa_error() != NULL;
  }
  return wrong;
}

static void *thread(void *number) { return (void *)work((size_t)number); }

int main(void) {
  pthread_t ids[THREADS];
  size_t wrong = 0;
  for (int i = 0; i < N; i++)
    shared.doubles[i] = -40 + 45.0 * i / N;
  unset_variable("GELU_FAST_ISA");
  pthread_barrier_init(&start, NULL, THREADS);
  for (size_t i = 0; i < THREADS; i++)
    if (pthread_create(&ids[i], NULL, thread, (void *)i))
      exit(2);
  for (size_t i = 0; i < THREADS; i++) {
    void *of_thread;
    pthread_join(ids[i], &of_thread);
    wrong += (size_t)of_thread;
  }
  printf("%s threads: %zu wrong\n", wrong ? "FAILED" : "ok    ", wrong);
  return wrong > 0;
}
