/* Threads that help a call: the pool.
 *
 * A thread that calls is the number 0 and computes too; the pool's own threads, the workers, are
 * numbers 1, 2, ... The pool serves one call at a time:
 *
 *     gf_pool *pool = gf_pool_take();               // NULL: it serves another call, compute alone
 *     gf_pool_have(pool, 4);                        // at least 3 workers, or fewer if that fails
 *     gf_pool_compute(pool, &work, 4, &ns);
 *     gf_pool_give_back(pool);
 *
 * Workers sleep after SPIN_NS without work. In the child of a fork the pool is empty again. */
#ifndef GF_POOL_H
#define GF_POOL_H

#include <stddef.h>
#include <stdint.h>

/* Threads of Windows; or POSIX threads, atomic operations on 64 bits, and fork as POSIX has it. Without
 * them a call always runs in one thread. */
#if defined(_WIN32) && (defined(__GNUC__) || defined(__clang__))
#define GF_HAS_THREADS 1
#elif defined(__GNUC__) && !defined(_WIN32) && defined(__has_include)
#if __has_include(<pthread.h>) && __has_include(<unistd.h>) && __GCC_ATOMIC_LLONG_LOCK_FREE == 2 && \
    (!defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__))
#define GF_HAS_THREADS 1
#endif
#endif
#ifndef GF_HAS_THREADS
#define GF_HAS_THREADS 0
#endif

enum { GF_SPIN_NS = 50000 };

/* Elements `begin` to `end` (without the latter) that are computed in parts: part 0 begins at `begin`,
 * and part i at border + i * part. compute(call, first, count) may run in several threads at once. */
typedef struct {
  void (*compute)(const void *call, size_t first, size_t count);
  const void *call;
  size_t begin, border, end, part;
} gf_work;

typedef struct gf_pool gf_pool;

gf_pool *gf_pool_take(void);
void gf_pool_give_back(gf_pool *pool);

/* Makes workers; returns how many threads there are, with the caller, at most `threads`. */
int gf_pool_have(gf_pool *pool, int threads);
/* Whether a worker waits for work without sleeping. Any thread may ask, at any time. */
int gf_pool_is_awake(void);

/* Computes all parts with at most `threads` threads, at least 2 and at most what gf_pool_have has
 * returned. Returns how many elements the caller itself has computed; ns: the time it took for them. */
size_t gf_pool_compute(gf_pool *pool, const gf_work *work, int threads, uint64_t *ns);

uint64_t gf_now_ns(void); /* a clock for differences */

#endif
