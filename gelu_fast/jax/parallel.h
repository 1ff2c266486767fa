/* A call in XLA's own threads.
 *
 * It may run in one of them while all others wait in calls of their own, so nothing waits for a task
 * to begin. The calling thread takes parts of the call too, until none is left, and then waits for
 * those that others have taken. A task that begins later finds none. */
#ifndef GELU_FAST_JAX_PARALLEL_H
#define GELU_FAST_JAX_PARALLEL_H

#include "axes.h"
#include "pool.h"

#ifdef _WIN32

static void compute_in_parallel(const XLA_FFI_CallFrame *frame, const call *c, size_t n) {
  (void)frame;
  compute(c, 0, n);
}

#else

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* In elements: a part takes some microseconds, and with LEAST for each thread a call takes less time
 * than in one (benchmarks/NOTES.md). */
enum { PART = 16384, PARTS_MAX = 256, LEAST = 65536, LOOKS = 2000 };

typedef struct {
  const call *call; /* only those who have taken a part read it: for them the caller waits */
  size_t n, part, parts;
  atomic_size_t taken, done; /* parts */
  atomic_size_t users;       /* the last one frees this */
  pthread_mutex_t lock;
  pthread_cond_t all_done;
} shared;

static void leave(shared *s, size_t users) {
  if (atomic_fetch_sub(&s->users, users) != users)
    return;
  pthread_cond_destroy(&s->all_done);
  pthread_mutex_destroy(&s->lock);
  free(s);
}

static void take_parts(shared *s) {
  size_t i;
  while ((i = atomic_fetch_add(&s->taken, 1)) < s->parts) {
    const size_t first = i * s->part, left = s->n - first;
    compute(s->call, first, left < s->part ? left : s->part);
    if (atomic_fetch_add(&s->done, 1) + 1 == s->parts) {
      pthread_mutex_lock(&s->lock);
      pthread_cond_signal(&s->all_done);
      pthread_mutex_unlock(&s->lock);
    }
  }
}

static void task(void *data) {
  take_parts(data);
  leave(data, 1);
}

/* Others seldom take longer for their last parts than the looks; if so, the thread sleeps. */
static void wait_for_others(shared *s) {
  for (int i = 0; i < LOOKS; i++)
    if (atomic_load(&s->done) == s->parts)
      return;
  pthread_mutex_lock(&s->lock);
  while (atomic_load(&s->done) < s->parts)
    pthread_cond_wait(&s->all_done, &s->lock);
  pthread_mutex_unlock(&s->lock);
}

static void compute_in_parallel(const XLA_FFI_CallFrame *frame, const call *c, size_t n) {
  const size_t most = n / LEAST, pool = most < 2 ? 1 : threads_of(frame);
  const size_t threads = most < pool ? most : pool, part = PART * (n / PART / PARTS_MAX + 1);
  shared *s = threads < 2 ? NULL : malloc(sizeof *s);
  if (s == NULL) {
    compute(c, 0, n);
    return;
  }
  *s = (shared){.call = c, .n = n, .part = part, .parts = (n + part - 1) / part, .users = threads};
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->all_done, NULL);
  size_t started = 1;
  while (started < threads && schedule(frame, task, s))
    started++;
  take_parts(s);
  wait_for_others(s);
  leave(s, 1 + threads - started);
}

#endif
#endif
