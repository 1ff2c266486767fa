#include "stream.h"

#include <stdint.h>

#include "cache.h"
#include "kernels.h"

/* 0 until it is first asked for. Threads that get there at once find the same. */
static size_t least_bytes;

size_t gf_stream_bytes(void) {
  size_t bytes = GF_ATOMIC_LOAD(least_bytes);
  if (bytes == 0) {
    const size_t cache = gf_cache_size();
    bytes = cache ? cache : SIZE_MAX;
    GF_ATOMIC_STORE(least_bytes, bytes);
  }
  return bytes;
}

void gf_set_stream_bytes(size_t bytes) { GF_ATOMIC_STORE(least_bytes, bytes ? bytes : 1); }

/* Whether n elements of x, `step` bytes apart, share memory with `bytes` bytes from `out`. */
static int overlaps(const char *x, ptrdiff_t step, size_t size, size_t n, const char *out,
                    size_t bytes) {
  const uintptr_t span = (uintptr_t)(step < 0 ? -step : step) * (n - 1);
  const uintptr_t first = (uintptr_t)x - (step < 0 ? span : 0), to = (uintptr_t)out;
  return first < to + bytes && to < first + span + size;
}

int gf_streams(char *const *args, const ptrdiff_t *steps, int nin, size_t size, size_t n) {
  const char *out = args[nin];
  if (n < gf_stream_bytes() / size || n == 0)
    return 0;
  if (steps[nin] != (ptrdiff_t)size || (uintptr_t)out % size != 0)
    return 0;
  /* What is computed in place is in the caches, having just been read. */
  for (int k = 0; k < nin; k++)
    if (overlaps(args[k], steps[k], size, n, out, n * size))
      return 0;
  return 1;
}
