#include "runtime/split.h"

#include <stdint.h>

enum { LINE = 64 };

typedef struct {
  uintptr_t first, end; /* all bytes are in [first, end) */
  uintptr_t step;       /* without its sign */
} extent;

static extent extent_of(const char *x, ptrdiff_t step, size_t size, size_t n) {
  const uintptr_t at = (uintptr_t)x, apart = step < 0 ? -(uintptr_t)step : (uintptr_t)step;
  const uintptr_t first = step < 0 ? at - (n - 1) * apart : at;
  return (extent){first, first + (n - 1) * apart + size, apart};
}

/* Whether two arrays have no byte in common. Those of the same step may be interleaved, such as the
 * even and the odd elements of a third one. */
static int are_apart(extent x, extent y, size_t size) {
  if (x.end <= y.first || y.end <= x.first)
    return 1;
  if (x.step != y.step || x.step < 2 * size)
    return 0;
  const uintptr_t from_x = (y.first - x.first) % x.step;
  /* y may also begin before x: the remainder of a negative difference is not that of its bits. */
  const uintptr_t shift = y.first >= x.first ? from_x : (x.step - (x.first - y.first) % x.step);
  return shift >= size && shift <= x.step - size;
}

int gf_may_split(char *const *args, const ptrdiff_t *steps, int nin, int nout, size_t size,
                 size_t n) {
  if (n == 0)
    return 0;
  for (int l = nin; l < nin + nout; l++) {
    const extent out = extent_of(args[l], steps[l], size, n);
    if (out.step < size)
      return 0;
    for (int k = 0; k < l; k++) {
      const int is_same = k < nin && args[k] == args[l] && steps[k] == steps[l];
      if (!is_same && !are_apart(extent_of(args[k], steps[k], size, n), out, size))
        return 0;
    }
  }
  return 1;
}

size_t gf_split_border(const char *out, ptrdiff_t step) {
  /* With a negative step, the line that an element shares with the one before it is above it. */
  const uintptr_t apart = step < 0 ? -(uintptr_t)step : 0;
  for (size_t i = 0; i < LINE; i++)
    if (((uintptr_t)out + i * (uintptr_t)step + apart) % LINE == 0)
      return i;
  return 0;
}
