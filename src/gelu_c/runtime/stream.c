#include "runtime/stream.h"

#include <stdint.h>

#include "include/gelu_c.h"
#include "runtime/atomic.h"
#include "runtime/cache.h"

/* 0 until the first call. Threads that compute it at the same time find the same, and do not replace
 * what gf_set_stream_bytes has set meanwhile. */
static size_t least_bytes;

/* Three times a second-level cache of 2 MiB, as servers have it. In that cache a cheap function such
 * as relu would take 1.3 times as long with prefetches. */
static size_t far_bytes = (size_t)6 << 20;

/* gf_cache_size, or SIZE_MAX if it is unknown; benchmarks/stream.py shows why. */
size_t gf_stream_bytes(void) {
  size_t bytes = GF_ATOMIC_LOAD(least_bytes);
  if (bytes == 0) {
    const size_t cache = gf_cache_size(), computed = cache ? cache : SIZE_MAX;
    if (GF_ATOMIC_STORE_IF(least_bytes, bytes, computed))
      return computed;
  }
  return bytes;
}

void gf_set_stream_bytes(size_t bytes) { GF_ATOMIC_STORE(least_bytes, bytes ? bytes : 1); }

size_t gf_far_bytes(void) { return GF_ATOMIC_LOAD(far_bytes); }
void gf_set_far_bytes(size_t bytes) { GF_ATOMIC_STORE(far_bytes, bytes); }

gf_reach gf_reach_of(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size,
                     size_t n) {
  if (gf_streams(args, steps, nin, nout, size, n))
    return GF_STREAMED;
  /* Functions of more inputs compute longer than they wait for a last-level cache: 0.97 to 1.06 of
   * the time with prefetches (benchmarks/NOTES.md). */
  const int is_far = nin == 1 && n * size * (size_t)(nin + nout) >= gf_far_bytes();
  return is_far ? GF_FAR : GF_NEAR;
}

static int overlaps(const char *x, const char *out, size_t bytes) {
  const uintptr_t from = (uintptr_t)x, to = (uintptr_t)out;
  return from < to + bytes && to < from + bytes;
}

int gf_streams(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size,
               size_t n) {
  if (n * size < gf_stream_bytes()) /* no division: it takes long in a short call */
    return 0;
  for (int k = 0; k < nin + nout; k++)
    if (steps[k] != (ptrdiff_t)size)
      return 0;
  for (int l = nin; l < nin + nout; l++) {
    if ((uintptr_t)args[l] % size != 0)
      return 0;
    /* Inputs have just been read, so an output that overlaps one is in the caches. */
    for (int k = 0; k < nin; k++)
      if (overlaps(args[k], args[l], n * size))
        return 0;
  }
  return 1;
}
