/* Results that are written past the caches (stream.h) are those that are not, at every length and
 * alignment, for every function of the table and every instruction set of this machine; nothing
 * beside them is written. Built like test_api.c. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"
#include "stream.h"

enum { LONGEST = 5000, ROOM = 64, ARGS = 3 };

static char inputs[LONGEST * sizeof(double)];
static _Alignas(64) char want[LONGEST * sizeof(double)];
static _Alignas(64) char out[(LONGEST + 2 * ROOM) * sizeof(double)];

static size_t size_of(const gf_row *row) { return gf_dtype_size(row->dtype); }

/* Any bit patterns, of which some are in the tails. */
static void fill_inputs(const gf_row *row) {
  uint32_t state = 1;
  for (size_t i = 0; i < sizeof inputs; i++) {
    state = state * 1664525 + 1013904223;
    inputs[i] = (char)(state >> 24);
  }
  if (row->dtype == GF_F32)
    for (size_t i = 0; i < LONGEST; i += 3)
      memcpy(inputs + 4 * i, &(float){-20 + 25 * (float)i / LONGEST}, 4);
}

static int streamed(const gf_row *row, char *to, size_t n) {
  const ptrdiff_t step = (ptrdiff_t)size_of(row), steps[ARGS] = {step, step, step};
  char *args[ARGS] = {inputs, inputs, inputs};
  args[row->function->nin] = to;
  gf_call(row, args, steps, n);
  return gf_streams(args, steps, row->function->nin, size_of(row), n);
}

static int is_nan(const char *p, gf_dtype dtype) {
  uint64_t bits = 0;
  memcpy(&bits, p, gf_dtype_size(dtype));
  return dtype == GF_F16    ? (bits & 0x7fff) > 0x7c00
         : dtype == GF_BF16 ? (bits & 0x7fff) > 0x7f80
         : dtype == GF_F32  ? (bits & 0x7fffffff) > 0x7f800000
                            : (bits & INT64_MAX) > 0x7ff0000000000000;
}

/* Of two inputs that are NaN either may be the result: a compiler may exchange factors. */
static int same(const char *a, const char *b, const gf_row *row, size_t n) {
  const size_t size = size_of(row);
  for (size_t i = 0; i < n; i++, a += size, b += size)
    if (memcmp(a, b, size) != 0 && !(is_nan(a, row->dtype) && is_nan(b, row->dtype)))
      return 0;
  return 1;
}

/* The number of lengths that went wrong, or were not streamed. */
static int check(const gf_row *row) {
  static const size_t lengths[] = {1, 15, 16, 33, 511, 1023, 1024, 1025, 2048, 3000, LONGEST};
  const size_t size = size_of(row);
  int wrong = 0;
  fill_inputs(row);
  gf_set_stream_bytes(SIZE_MAX);
  wrong += streamed(row, want, LONGEST);
  gf_set_stream_bytes(1);
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
    for (size_t offset = 0; offset < ROOM; offset += 5) {
      const size_t n = lengths[i];
      char *to = out + offset * size;
      memset(out, 0x5a, sizeof out);
      wrong += !streamed(row, to, n);
      wrong += !same(to, want, row, n);
      for (size_t k = 0; k < sizeof out; k++)
        wrong += (out + k < to || out + k >= to + n * size) && out[k] != 0x5a;
    }
  return wrong;
}

/* In place, and into every other element, nothing is. */
static int never_streamed(void) {
  const gf_row *row = gf_row_at(0);
  const ptrdiff_t size = (ptrdiff_t)size_of(row);
  char *in_place[ARGS] = {out, out, out}, *shifted[ARGS] = {out + 64, out, out};
  char *apart[ARGS] = {inputs, out, out}, *odd[ARGS] = {inputs, out + 1, out};
  const ptrdiff_t steps[ARGS] = {size, size, size}, every_other[ARGS] = {size, 2 * size, size};
  const ptrdiff_t backwards[ARGS] = {-size, size, size};
  char *reversed[ARGS] = {out + 100 * size, out, out};
  gf_set_stream_bytes(1);
  return gf_streams(in_place, steps, 1, (size_t)size, 100) ||
         gf_streams(shifted, steps, 1, (size_t)size, 100) ||
         gf_streams(reversed, backwards, 1, (size_t)size, 100) ||
         gf_streams(apart, every_other, 1, (size_t)size, 100) ||
         gf_streams(odd, steps, 1, (size_t)size, 100) ||
         gf_streams(apart, steps, 1, (size_t)size, 0) ||
         !gf_streams(apart, steps, 1, (size_t)size, 100);
}

int main(void) {
  int failed = never_streamed();
  printf("%s never_streamed\n", failed ? "FAILED" : "ok    ");
  for (size_t k = 0; k < gf_isa_count(); k++) {
    if (gf_isa_select(gf_isa_name(k)))
      continue;
    int wrong = 0;
    for (size_t i = 0; i < gf_row_count(); i++)
      wrong += check(gf_row_at(i));
    printf("%s streamed on %s\n", wrong ? "FAILED" : "ok    ", gf_isa());
    failed += wrong > 0;
  }
  return failed > 0;
}
