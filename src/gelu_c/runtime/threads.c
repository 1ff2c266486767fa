/* How many threads a call has: at most as many as the program has asked for, and so few that each
 * has enough to do. benchmarks/NOTES.md has the measurements behind the constants. */
#include "runtime/threads.h"

#include "include/gelu_c.h"
#include "runtime/atomic.h"
#include "runtime/cpus.h"
#include "runtime/environment.h"
#include "runtime/pool.h"

enum {
  PART = 4096,      /* bytes of an output: a part is a multiple */
  PART_NS = 500,    /* the time of a part, at least; a call of a kernel costs 0.1 us */
  PROBE = 4,        /* parts that are computed alone to measure the cost of an element */
  SHARES_AWAY = 12, /* a call of so many shares wakes the workers if they sleep */
  SERIES = 4        /* after so many calls of fewer shares the next one wakes them too */
};

static uint32_t least_ns = 2500;

uint32_t gf_share_ns(void) { return GF_ATOMIC_LOAD(least_ns); }
void gf_set_share_ns(uint32_t ns) { GF_ATOMIC_STORE(least_ns, ns); }

/* ---- The number of threads */

static int number; /* 0 until the first call */

static const char VARIABLE[] = "GELU_FAST_NUM_THREADS";

/* The number in the variable; 1 if it is not set, -1 if it is wrong. */
static int number_of_environment(void) {
  char room[GF_VARIABLE_ROOM];
  const char *text = gf_variable(VARIABLE, room);
  int value = 0;
  if (!text || !*text)
    return 1;
  for (; *text; text++) {
    if (*text < '0' || *text > '9' || value > GF_THREADS_MAX)
      return -1;
    value = 10 * value + (*text - '0');
  }
  return value > GF_THREADS_MAX ? -1 : value;
}

const char *gf_threads_error(void) {
  static char room[GF_VARIABLE_ROOM];
  return number_of_environment() < 0 ? gf_variable(VARIABLE, room) : NULL;
}

static int resolved(int n) {
  const int cpus = n == 0 ? gf_cpus() : n;
  return cpus < GF_THREADS_MAX ? cpus : GF_THREADS_MAX;
}

int gf_set_num_threads(int n) {
  if (n < 0 || n > GF_THREADS_MAX)
    return -1;
  GF_ATOMIC_STORE(number, resolved(n));
  return 0;
}

/* Threads that read the environment at the same time do not replace what gf_set_num_threads has set
 * meanwhile. */
int gf_num_threads(void) {
  int known = GF_ATOMIC_LOAD(number);
  if (known == 0) {
    const int found = number_of_environment(), first = found < 0 ? 1 : resolved(found);
    if (GF_ATOMIC_STORE_IF(number, known, first))
      return first;
  }
  return known;
}

/* ---- Calls */

#if GF_HAS_THREADS

/* A cheaper element is believed at once, a dearer one slowly: the time may be that of another program
 * or of memory. */
static void learn(gf_cost *cost, uint64_t ns, size_t n) {
  const uint64_t found = 1000 * ns / n, most = UINT32_MAX / 32;
  const uint64_t limited = found < 1 ? 1 : found > most ? most : found;
  const uint64_t known = GF_ATOMIC_LOAD(*cost);
  const uint64_t learnt =
      known == 0 || limited < known ? limited : known + (limited - known + 15) / 16;
  GF_ATOMIC_STORE(*cost, (gf_cost)learnt);
}

static uint64_t last_short_call;
static int short_calls;

/* Whether this is one of several calls in quick succession. Their workers, once awake, stay awake, so
 * that shorter calls are worth waking them. Threads that count at the same time may miscount. */
static int is_in_series(void) {
  const uint64_t now = gf_now_ns();
  const int is_next = now - GF_ATOMIC_LOAD(last_short_call) < GF_SPIN_NS;
  const int count = is_next ? GF_ATOMIC_LOAD(short_calls) + 1 : 0;
  GF_ATOMIC_STORE(last_short_call, now);
  GF_ATOMIC_STORE(short_calls, count < SERIES ? count : 0);
  return count >= SERIES;
}

/* How many threads a call is worth that takes one thread so many ns. */
static int threads_for(uint64_t ns) {
  const int most = gf_num_threads();
  const uint32_t share = gf_share_ns();
  if (share == 0)
    return most;
  const uint64_t shares = ns / share;
  if (shares < 2 || (shares < SHARES_AWAY && !gf_pool_is_awake() && !is_in_series()))
    return 1;
  return shares < (uint64_t)most ? (int)shares : most;
}

/* Returns 0, and computes nothing, if the pool cannot help now. */
static int share_with_pool(const gf_work *work, int threads, gf_cost *cost) {
  gf_pool *pool = gf_pool_take();
  if (!pool)
    return 0;
  const int there = gf_pool_have(pool, threads);
  if (there > 1) {
    uint64_t ns;
    const size_t computed = gf_pool_compute(pool, work, there, &ns);
    if (computed > 0) /* workers may have taken all */
      learn(cost, ns, computed);
  }
  gf_pool_give_back(pool);
  return there > 1;
}

void gf_share(void (*compute)(const void *call, size_t first, size_t count), const void *call,
              size_t n, size_t border, size_t size, gf_cost *cost) {
  gf_work work = {compute, call, 0, border, n, PART / size};
  if (GF_ATOMIC_LOAD(*cost) == 0) {
    const size_t probe = border + PROBE * work.part, count = probe < n ? probe : n;
    const uint64_t start = gf_now_ns();
    compute(call, 0, count);
    learn(cost, gf_now_ns() - start, count);
    work.begin = work.border = count;
  }
  const uint64_t known = GF_ATOMIC_LOAD(*cost), ns = (n - work.begin) * known / 1000;
  if (gf_share_ns() > 0)
    work.part *= 1 + (size_t)(1000 * PART_NS / (known * work.part));
  const int threads = n / work.part < UINT32_MAX ? threads_for(ns) : 1;
  if (threads < 2 || !share_with_pool(&work, threads, cost))
    compute(call, work.begin, n - work.begin);
}

#else

void gf_share(void (*compute)(const void *call, size_t first, size_t count), const void *call,
              size_t n, size_t border, size_t size, gf_cost *cost) {
  (void)border, (void)size, (void)cost;
  compute(call, 0, n);
}

#endif
