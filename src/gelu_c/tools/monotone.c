/* How far float32 gelu ever steps back where the true function is monotone: every pair of
 * neighbouring floats, on every instruction set of this machine.
 *
 *     python src/gelu_c/build_core.py libgelu_c.a
 *     cd src/gelu_c/tools && cc -O2 -I.. -o monotone monotone.c libgelu_c.a -lm && ./monotone
 *
 * gelu falls up to its minimum at -0.7517915..., and rises from there. The status is 1 if a step back is
 * longer than one ULP. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "gelu_c.h"

enum { BLOCK = 65536 };

static const float minimum = -0x1.80ead2p-1f;

static float from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* What a result that should be at most `limit` exceeds it by, in ULP of the limit. */
static double excess(float result, float limit) {
  const float above = nextafterf(fabsf(limit), INFINITY);
  return ((double)result - limit) / ((double)above - fabsf(limit));
}

typedef struct {
  uint64_t count; /* of steps back */
  double longest; /* in ULP */
  float at;
} steps_back;

/* From one pattern to the next, up to the last; `direction` is -1 where gelu falls along them. */
static void walk(uint32_t first, uint32_t last, int direction, steps_back *found) {
  static float x[BLOCK], y[BLOCK];
  float before = NAN;
  for (uint64_t start = first; start <= last; start += BLOCK) {
    const size_t n = last - start + 1 < BLOCK ? (size_t)(last - start + 1) : BLOCK;
    for (size_t i = 0; i < n; i++)
      x[i] = from_bits((uint32_t)(start + i));
    gf_gelu_f32(x, y, n);
    for (size_t i = 0; i < n; before = y[i++]) {
      const double back = direction > 0 ? excess(before, y[i]) : excess(y[i], before);
      if (back > 0)
        found->count++;
      if (back > found->longest)
        found->longest = back, found->at = x[i];
    }
  }
}

int main(void) {
  int status = 0;
  uint32_t least;
  memcpy(&least, &minimum, sizeof least);
  for (size_t k = 0; k < gf_isa_count(); k++) {
    if (!gf_isa_available(k))
      continue;
    gf_isa_select(gf_isa_name(k));
    steps_back found = {0, 0, 0};
    walk(0, 0x7f7fffff, 1, &found);       /* up from 0 */
    walk(0x80000000u, least, -1, &found); /* down from -0 to the minimum */
    walk(least, 0xff7fffffu, 1, &found);  /* up again, on to the largest negative number */
    printf("gelu f32 %-7s %llu steps back, the longest %g ULP at %a\n", gf_isa_name(k),
           (unsigned long long)found.count, found.longest, found.at);
    status |= found.longest > 1;
  }
  return status;
}
