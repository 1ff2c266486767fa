/* Tests that numbers next to 0 among others change no bit (loops/near_zero.h): arrays in which some,
 * many or all numbers are subnormal or a little larger have the results of calls on one element, for
 * every row of the table in float32 and float64 and every instruction set of this machine. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "gelu_c.h"

enum { LONGEST = 20000, ARGS = 5, OUTS = 2 };

static double inputs[3][LONGEST]; /* float32 uses the first half */
static double out[OUTS][LONGEST], want[OUTS][LONGEST];

static uint64_t random_bits(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

/* One of `rare` numbers is next to 0: subnormal, or with a small exponent. The others are between -20
 * and 20, or have any exponent. */
static void fill(const gf_row *row, int k, size_t n, unsigned rare) {
  for (size_t i = 0; i < n; i++) {
    const uint64_t bits = random_bits(), kind = random_bits();
    const uint64_t exponent = kind >> 40 & 1 ? kind >> 20 & 63 : 0;
    const int is_near = kind % rare == 0;
    if (row->dtype == GF_F32) {
      float x = (float)((double)(int64_t)bits * 0x1.4p-59);
      uint32_t near = (uint32_t)(bits >> 32 & 0x807fffff) | (uint32_t)exponent << 23;
      if (is_near || kind >> 50 & 1)
        memcpy(&x, is_near ? &near : (uint32_t[]){(uint32_t)bits & 0xff7fffff}, sizeof x);
      memcpy((char *)inputs[k] + i * sizeof x, &x, sizeof x);
    } else {
      double x = (double)(int64_t)bits * 0x1.4p-59;
      uint64_t near = (bits & 0x800fffffffffffff) | exponent << 52;
      if (is_near || kind >> 50 & 1)
        memcpy(&x, is_near ? &near : (uint64_t[]){bits & 0xffefffffffffffff}, sizeof x);
      memcpy((char *)inputs[k] + i * sizeof x, &x, sizeof x);
    }
  }
}

static void call(const gf_row *row, void *to[OUTS], size_t first, size_t n) {
  const gf_function *f = row->function;
  const size_t size = gf_dtype_size(row->dtype);
  const ptrdiff_t step = (ptrdiff_t)size, steps[ARGS] = {step, step, step, step, step};
  char *args[ARGS];
  for (int k = 0; k < f->nin; k++)
    args[k] = (char *)inputs[k] + first * size;
  for (int k = 0; k < f->nout; k++)
    args[f->nin + k] = (char *)to[k] + first * size;
  gf_call(row, args, steps, n);
}

static long wrong(const gf_row *row, size_t n, unsigned rare) {
  const size_t size = gf_dtype_size(row->dtype);
  void *results[OUTS] = {out[0], out[1]}, *expected[OUTS] = {want[0], want[1]};
  long found = 0;
  for (int k = 0; k < row->function->nin; k++)
    fill(row, k, n, rare);
  for (size_t i = 0; i < n; i++)
    call(row, expected, i, 1);
  call(row, results, 0, n);
  for (int k = 0; k < row->function->nout; k++)
    for (size_t i = 0; i < n; i++)
      found += memcmp((char *)out[k] + i * size, (char *)want[k] + i * size, size) != 0;
  if (row->function->nin == 1) { /* in place */
    results[0] = inputs[0];
    call(row, results, 0, n);
    found += memcmp(inputs[0], want[0], n * size) != 0;
  }
  return found;
}

/* Of the pairs of a length and a rarity a row takes one in PART, and the next rows the others. */
#ifdef IS_EMULATED
enum { PART = 4 };
#else
enum { PART = 1 };
#endif

int main(void) {
  static const size_t lengths[] = {1, 7, 17, 40, 100, 1000, LONGEST};
  static const unsigned rarities[] = {1, 3, 100, 5000};
  long failures = 0;
  for (size_t i = 0; i < gf_isa_count(); i++) {
    if (gf_isa_select(gf_isa_name(i)) != 0)
      continue;
    long bad = 0;
    for (size_t r = 0; r < gf_row_count(); r++) {
      const gf_row *row = gf_row_at(r);
      for (size_t l = 0; row->dtype >= GF_F32 && l < sizeof lengths / sizeof *lengths; l++)
        for (size_t k = (r / 4 + r + l) % PART; k < sizeof rarities / sizeof *rarities; k += PART) {
          const long found = wrong(row, lengths[l], rarities[k]);
          if (found != 0)
            printf("%s %d on %s: %ld of %zu, one in %u near 0\n", row->function->name, row->dtype,
                   gf_isa(), found, lengths[l], rarities[k]);
          bad += found;
        }
    }
    printf("%-6s near zero on %s\n", bad ? "FAILED" : "ok", gf_isa());
    failures += bad;
  }
  return failures != 0;
}
