/* parallel.h of gelu_fast.jax with a pool that stands in for XLA's, in every way in which XLA may treat
 * its tasks. Exits with 1 if an element is not computed exactly once. For ThreadSanitizer too. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "parallel.h"

enum { WORKERS = 3, CALLERS = 4, CALLS = 25, QUEUE = 1 << 16, N = 150001, COLUMNS = 7 };
enum { IN_WORKERS, IN_THE_CALLER, LATE, SOME, NONE, NO_POOL, OLD, WAYS };

static _Thread_local int is_worker;

/* Workers are slow, so that calls must wait for them. Each element of the result counts how often it is computed, and has the sum of its operands. */
void gf_call_part(const gf_row *row, char *const *args, const ptrdiff_t *steps, size_t n,
                  size_t first, size_t count) {
  (void)row, (void)n;
  nanosleep(&(struct timespec){.tv_nsec = is_worker ? 300000 : 1000}, NULL);
  for (size_t i = first; i < first + count; i++)
    *(int *)(args[2] + steps[2] * (ptrdiff_t)i) += 1 + *(int *)(args[0] + steps[0] * (ptrdiff_t)i) +
                                                   *(int *)(args[1] + steps[1] * (ptrdiff_t)i);
}

static struct {
  XLA_FFI_Task *task;
  void *data;
} queue[QUEUE];
static size_t first, last;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static atomic_int errors, allowed;
static int way;

static XLA_FFI_Error *new_error(void) {
  errors++;
  return (XLA_FFI_Error *)&errors;
}

static void destroy(XLA_FFI_Error_Destroy_Args *args) {
  (void)args;
  errors--;
}

static XLA_FFI_Error *number(XLA_FFI_ThreadPool_NumThreads_Args *args) {
  *args->num_threads = WORKERS;
  return way == NO_POOL ? new_error() : NULL;
}

static XLA_FFI_Error *put(XLA_FFI_ThreadPool_Schedule_Args *args) {
  if (way == OLD)
    abort();
  if (way == NONE || (way == SOME && allowed-- <= 0))
    return new_error();
  if (way == IN_THE_CALLER) {
    args->task(args->data);
    return NULL;
  }
  pthread_mutex_lock(&lock);
  queue[last % QUEUE].task = args->task;
  queue[last++ % QUEUE].data = args->data;
  pthread_cond_signal(&filled);
  pthread_mutex_unlock(&lock);
  return NULL;
}

/* Runs tasks until one is NULL. */
static void *work(void *unused) {
  is_worker = 1;
  for (;;) {
    pthread_mutex_lock(&lock);
    while (first == last)
      pthread_cond_wait(&filled, &lock);
    XLA_FFI_Task *next = queue[first % QUEUE].task;
    void *data = queue[first++ % QUEUE].data;
    pthread_mutex_unlock(&lock);
    if (next == NULL)
      return unused;
    next(data);
  }
}

/* A matrix and a row, which is broadcast. */
static void call_once(size_t n) {
  const XLA_FFI_Api api = {
      .struct_size =
          way == OLD ? offsetof(XLA_FFI_Api, XLA_FFI_ThreadPool_Schedule) : XLA_FFI_Api_STRUCT_SIZE,
      .XLA_FFI_Error_Destroy = destroy,
      .XLA_FFI_ThreadPool_Schedule = put,
      .XLA_FFI_ThreadPool_NumThreads = number,
  };
  const XLA_FFI_CallFrame frame = {.api = &api};
  const size_t lines = n / COLUMNS;
  int *x = malloc(4 * n), *out = calloc(n, 4), row[COLUMNS];
  for (size_t i = 0; i < n; i++)
    x[i] = (int)i;
  for (int i = 0; i < COLUMNS; i++)
    row[i] = 10 * i;
  int64_t dims[] = {(int64_t)lines, COLUMNS}, dims_of_row[] = {1, COLUMNS};
  XLA_FFI_Buffer buffers[] = {
      {.rank = 2, .dims = dims}, {.rank = 2, .dims = dims_of_row}, {.rank = 2, .dims = dims}};
  XLA_FFI_Buffer *arrays[] = {&buffers[0], &buffers[1], &buffers[2]};
  call c = {.args = {(char *)x, (char *)row, (char *)out}, .operands = 3};
  c.count = axes_of(arrays, 3, 4, c.axes);
  avoid_short_lines(c.axes, c.count);
  compute_in_parallel(&frame, &c, elements_of(&c));
  for (size_t i = 0; i < lines * COLUMNS; i++)
    if (out[i] != 1 + (int)i + row[i % COLUMNS]) {
      printf("way %d, %zu elements: element %zu is %d\n", way, n, i, out[i]);
      exit(1);
    }
  free(x);
  free(out);
}

static atomic_int calls_of_tasks;
static int have_calls; /* the tasks */

static void call_in_task(void *data) {
  (void)data;
  call_once(N);
  calls_of_tasks--;
}

static void *make_calls(void *unused) {
  for (int i = 0; i < CALLS; i++) {
    if (have_calls) {
      calls_of_tasks++;
      put(&(XLA_FFI_ThreadPool_Schedule_Args){.task = call_in_task});
    }
    call_once(N - (size_t)i);
  }
  return unused;
}

int main(void) {
  pthread_t workers[WORKERS], callers[CALLERS];
  for (way = IN_THE_CALLER; way < WAYS; way++)
    for (size_t n = 0; n < 2 * N; n += 32768) {
      allowed = 1;
      call_once(n);
      call_once(n + 1);
    }
  way = IN_WORKERS; /* which find the late tasks first */
  const size_t late = last;
  for (int i = 0; i < WORKERS; i++)
    pthread_create(&workers[i], NULL, work, NULL);
  make_calls(NULL); /* alone */
  have_calls = 1;
  for (int i = 0; i < CALLERS; i++)
    pthread_create(&callers[i], NULL, make_calls, NULL);
  for (int i = 0; i < CALLERS; i++)
    pthread_join(callers[i], NULL);
  for (int i = 0; i < WORKERS; i++)
    put(&(XLA_FFI_ThreadPool_Schedule_Args){.task = NULL});
  for (int i = 0; i < WORKERS; i++)
    pthread_join(workers[i], NULL);
  printf("%zu late tasks, %d calls left, %d errors left\n", late, calls_of_tasks, errors);
  return late == 0 || calls_of_tasks != 0 || errors != 0;
}
