/* The workers, and how they share the parts of a call.
 *
 * Each thread of a call owns a range of neighbouring parts. It takes parts from the beginning of its
 * range, and when that is empty, from the ends of the others'. So a thread that is late leaves its
 * parts to those that are not, and repeated calls on the same arrays find most elements in the cache
 * of the same core.
 *
 * A worker enters a call through the gate, which the caller opens before it computes and closes when
 * all ranges are empty. The caller then waits for the workers inside only: one that wakes up later
 * finds the gate closed. Only a thread inside reads the work and the ranges, so the caller may change
 * them while nobody is.
 *
 * fork copies one thread. In the child no worker exists, and another thread may have held the pool
 * when it was copied. So the child forgets the pool, with its locks, and makes another one. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pthread_setname_np */
#endif
#include "runtime/pool.h"

#if GF_HAS_THREADS

#include <stdatomic.h>
#include <stdio.h>

#include "include/gelu_c.h"
#include "runtime/fpenv.h"
#include "runtime/system.h"

enum {
  LINE = 128, /* bytes that no two threads should write: processors fetch pairs of lines */
  STACK =
      256 << 10, /* of a worker; a call takes 16 KiB, and the C library's thread data the rest */
  CHILDREN = 2,  /* how many workers each thread of a call wakes */
  MOST_AT_ONCE = 64,   /* parts that a thread takes at once */
  WAIT_NS = 10000,     /* how long the caller waits for the others without sleeping */
  LOOKS_PER_CLOCK = 32 /* a look at the clock takes about as long as so many looks at the gate */
};

/* ---- The gate: the number of the call (32 bits), how many threads may take part (16 bits; 0: it is
 *      closed), how many workers are inside (16 bits) */

static uint32_t call_number(uint64_t gate) { return (uint32_t)(gate >> 32); }
static unsigned limit(uint64_t gate) { return gate >> 16 & 0xffff; }
static unsigned inside(uint64_t gate) { return gate & 0xffff; }
static uint64_t gate_of(uint32_t call, unsigned threads) {
  return (uint64_t)call << 32 | threads << 16;
}

/* ---- A range of parts: its first part (32 bits) and its end (32 bits) */

static uint64_t range(uint32_t first, uint32_t end) { return (uint64_t)first << 32 | end; }

typedef struct {
  _Alignas(LINE) _Atomic uint64_t parts; /* the range of this thread */
  /* The rest is a worker's; the caller is number 0 and has none of it. */
  _Alignas(LINE) _Atomic int asleep;
  unsigned number;
  gf_pool *pool;
  gf_lock lock;
  gf_condition woken;
} member;

struct gf_pool {
  _Alignas(LINE) _Atomic uint64_t gate;
  _Alignas(LINE) gf_work work;
  uint32_t calls;
  int failed;                         /* the system has refused a thread */
  _Atomic int members;                /* how many there are: the caller and the workers */
  _Alignas(LINE) _Atomic int waiting; /* the caller sleeps until the last worker leaves */
  gf_lock lock;
  gf_condition left;
  member *member[GF_THREADS_MAX];
};

static _Atomic(gf_pool *) the_pool; /* NULL until the first use */
static _Atomic int pool_is_taken;

uint64_t gf_now_ns(void) { return gf_clock_ns(); }

static void pause_briefly(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb"); /* `yield` does nothing on most processors */
#endif
}

/* ---- Parts */

/* Takes some parts of a range, from its beginning or its end: half of what is left, so that there are
 * few calls and yet all threads end at about the same time. */
static int take_parts(_Atomic uint64_t *parts, int from_beginning, uint32_t *first, uint32_t *end) {
  uint64_t now = atomic_load_explicit(parts, memory_order_relaxed), later;
  do {
    *first = (uint32_t)(now >> 32), *end = (uint32_t)now;
    if (*first >= *end)
      return 0;
    const uint32_t left = *end - *first, share = left / 2;
    const uint32_t count = share < 1 ? 1 : share > MOST_AT_ONCE ? MOST_AT_ONCE : share;
    if (from_beginning) {
      *end = *first + count;
      later = range(*end, (uint32_t)now);
    } else {
      *first = *end - count;
      later = range((uint32_t)(now >> 32), *first);
    }
  } while (!atomic_compare_exchange_weak_explicit(parts, &now, later, memory_order_relaxed,
                                                  memory_order_relaxed));
  return 1;
}

static size_t beginning_of(const gf_work *work, uint32_t part) {
  const size_t at = work->border + part * work->part;
  return part == 0 ? work->begin : at < work->end ? at : work->end;
}

static uint32_t parts_of(const gf_work *work) {
  return (uint32_t)((work->end - work->border + work->part - 1) / work->part);
}

/* Computes parts until all ranges are empty; returns how many elements. */
static size_t compute_parts(gf_pool *pool, unsigned number, unsigned threads) {
  const gf_work *work = &pool->work;
  size_t computed = 0;
  for (unsigned k = 0; k < threads; k++) {
    const unsigned owner = number + k < threads ? number + k : number + k - threads;
    uint32_t first, end;
    while (take_parts(&pool->member[owner]->parts, owner == number, &first, &end)) {
      const size_t from = beginning_of(work, first), to = beginning_of(work, end);
      work->compute(work->call, from, to - from);
      computed += to - from;
    }
  }
  return computed;
}

/* ---- Sleeping and waking */

static void wake(member *worker) {
  if (!atomic_load(&worker->asleep))
    return;
  gf_lock_take(&worker->lock);
  atomic_store(&worker->asleep, 0);
  gf_lock_release(&worker->lock);
  gf_condition_signal(&worker->woken);
}

/* Each thread wakes a few, which wake more. */
static void wake_children(gf_pool *pool, unsigned number, unsigned threads) {
  for (unsigned k = 1; k <= CHILDREN && CHILDREN * number + k < threads; k++)
    wake(pool->member[CHILDREN * number + k]);
}

/* Whether the gate is open for this worker and a call in which it was not yet. */
static int is_open(uint64_t gate, const member *worker, uint32_t last) {
  return limit(gate) > worker->number && call_number(gate) != last;
}

static void sleep_until_woken(member *worker, uint32_t last) {
  gf_lock_take(&worker->lock);
  atomic_store(&worker->asleep, 1);
  /* The caller opens the gate before it looks who sleeps. */
  if (is_open(atomic_load(&worker->pool->gate), worker, last))
    atomic_store(&worker->asleep, 0);
  while (atomic_load(&worker->asleep))
    gf_condition_wait(&worker->woken, &worker->lock);
  gf_lock_release(&worker->lock);
}

static int spin_until_open(const member *worker, uint32_t last) {
  const uint64_t end = gf_now_ns() + GF_SPIN_NS;
  do {
    for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
      if (is_open(atomic_load_explicit(&worker->pool->gate, memory_order_relaxed), worker, last))
        return 1;
      pause_briefly();
    }
  } while (gf_now_ns() < end);
  return 0;
}

/* ---- A worker */

/* Returns how many threads take part in the call, or 0 if there is none to enter. */
static unsigned enter(const member *worker, uint32_t *last) {
  _Atomic uint64_t *gate = &worker->pool->gate;
  uint64_t now = atomic_load(gate);
  while (is_open(now, worker, *last))
    if (atomic_compare_exchange_weak(gate, &now, now + 1)) {
      *last = call_number(now);
      return limit(now);
    }
  return 0;
}

static void leave(gf_pool *pool) {
  const uint64_t gate = atomic_fetch_sub(&pool->gate, 1) - 1;
  if (limit(gate) == 0 && inside(gate) == 0 && atomic_load(&pool->waiting)) {
    gf_lock_take(&pool->lock); /* the caller has seen this, or waits */
    gf_lock_release(&pool->lock);
    gf_condition_signal(&pool->left);
  }
}

static gf_thread_result GF_THREAD_CALL run_worker(void *argument) {
  member *worker = argument;
  gf_pool *pool = worker->pool;
  uint32_t last = 0;
  gf_fpenv_enter(0); /* a thread begins with the modes of the one that made it */
  for (;;) {
    const unsigned threads = enter(worker, &last);
    if (threads > 0) {
      wake_children(pool, worker->number, threads);
      compute_parts(pool, worker->number, threads);
      leave(pool);
    } else if (!spin_until_open(worker, last))
      sleep_until_woken(worker, last);
  }
  return (gf_thread_result)0;
}

/* ---- The pool */

static void forget_pool(void) {
  atomic_store(&the_pool, NULL);
  atomic_store(&pool_is_taken, 0);
}

__attribute__((constructor)) static void watch_forks(void) { gf_at_fork(forget_pool); }

static void *zeroed(size_t size) {
  void *memory = gf_aligned_memory(LINE, size);
  return memory ? memset(memory, 0, size) : NULL;
}

static member *add_member(gf_pool *pool) {
  member *added = zeroed(sizeof *added);
  if (!added)
    return NULL;
  added->pool = pool;
  added->number = (unsigned)atomic_load(&pool->members);
  gf_lock_init(&added->lock);
  gf_condition_init(&added->woken);
  return pool->member[added->number] = added;
}

static gf_pool *new_pool(void) {
  gf_pool *pool = zeroed(sizeof *pool);
  if (!pool)
    return NULL;
  gf_lock_init(&pool->lock);
  gf_condition_init(&pool->left);
  if (!add_member(pool)) {
    gf_free_aligned(pool);
    return NULL;
  }
  atomic_store(&pool->members, 1);
  return pool;
}

/* Returns whether there is a new worker. */
static int add_worker(gf_pool *pool) {
  member *worker = add_member(pool);
  if (!worker)
    return 0;
  char name[16]; /* as long as Linux allows */
  snprintf(name, sizeof name, "gelu_fast-%u", worker->number % GF_THREADS_MAX);
  if (gf_start_thread(run_worker, worker, STACK, name)) {
    gf_free_aligned(worker);
    return 0;
  }
  atomic_fetch_add(&pool->members, 1);
  return 1;
}

gf_pool *gf_pool_take(void) {
  int taken = 0;
  if (!atomic_compare_exchange_strong(&pool_is_taken, &taken, 1))
    return NULL;
  gf_pool *pool = atomic_load(&the_pool);
  if (!pool) {
    pool = new_pool();
    atomic_store(&the_pool, pool);
    if (!pool)
      atomic_store(&pool_is_taken, 0);
  }
  return pool;
}

void gf_pool_give_back(gf_pool *pool) {
  (void)pool;
  atomic_store(&pool_is_taken, 0);
}

int gf_pool_have(gf_pool *pool, int threads) {
  while (atomic_load(&pool->members) < threads && !pool->failed)
    pool->failed = !add_worker(pool);
  const int members = atomic_load(&pool->members);
  return members < threads ? members : threads;
}

int gf_pool_is_awake(void) {
  gf_pool *pool = atomic_load(&the_pool);
  return pool && atomic_load(&pool->members) > 1 && !atomic_load(&pool->member[1]->asleep);
}

/* All threads end at about the same time. If one does not, it waits for a CPU, perhaps for this one. */
static void wait_until_left(gf_pool *pool) {
  const uint64_t end = gf_now_ns() + WAIT_NS;
  do {
    for (int i = 0; i < LOOKS_PER_CLOCK; i++) {
      if (inside(atomic_load(&pool->gate)) == 0)
        return;
      pause_briefly();
    }
  } while (gf_now_ns() < end);
  gf_lock_take(&pool->lock);
  atomic_store(&pool->waiting, 1);
  while (inside(atomic_load(&pool->gate)) > 0)
    gf_condition_wait(&pool->left, &pool->lock);
  atomic_store(&pool->waiting, 0);
  gf_lock_release(&pool->lock);
}

size_t gf_pool_compute(gf_pool *pool, const gf_work *work, int threads, uint64_t *ns) {
  const uint64_t start = gf_now_ns();
  const uint32_t parts = parts_of(work);
  const unsigned limit_of_call = (unsigned)threads;
  pool->work = *work;
  pool->calls++;
  for (unsigned i = 0; i < limit_of_call; i++) {
    const uint32_t first = (uint32_t)((uint64_t)parts * i / limit_of_call);
    const uint32_t end = (uint32_t)((uint64_t)parts * (i + 1) / limit_of_call);
    atomic_store_explicit(&pool->member[i]->parts, range(first, end), memory_order_relaxed);
  }
  atomic_store(&pool->gate, gate_of(pool->calls, limit_of_call));
  wake_children(pool, 0, limit_of_call);
  const size_t computed = compute_parts(pool, 0, limit_of_call);
  *ns = gf_now_ns() - start;
  if (inside(atomic_fetch_and(&pool->gate, ~(uint64_t)0xffff0000)) > 0)
    wait_until_left(pool);
  return computed;
}

#else

typedef int gf_pool_is_empty_here; /* C wants at least one declaration */

#endif
