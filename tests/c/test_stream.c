/* Tests that calls that prefetch or stream (runtime/stream.h) have the results of other calls, at
 * every length and alignment and in parts, for every row of the table and every instruction set of this
 * machine, and that nothing else is written. It is built like test_api.c. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"
#include "runtime/stream.h"

enum { LONGEST = 5000, ROOM = 64, ARGS = 5, OUTS = 2, FILL = 0x5a };

static char inputs[LONGEST * sizeof(double)];
static _Alignas(64) char want[OUTS][LONGEST * sizeof(double)];
static _Alignas(64) char out[OUTS][(LONGEST + 2 * ROOM) * sizeof(double)];

static size_t size_of(const gf_row *row) { return gf_dtype_size(row->dtype); }

/* Random bit patterns; some are in the tails. */
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

/* Computes a call as a whole, or the part from `border` on and then the one before it. */
static gf_reach call(const gf_row *row, char *const *to, size_t n, size_t border) {
  const gf_function *f = row->function;
  const ptrdiff_t step = (ptrdiff_t)size_of(row), steps[ARGS] = {step, step, step, step, step};
  char *args[ARGS] = {inputs, inputs, inputs};
  for (int k = 0; k < f->nout; k++)
    args[f->nin + k] = to[k];
  if (border == 0) {
    gf_call(row, args, steps, n);
  } else {
    gf_call_part(row, args, steps, n, border, n - border);
    gf_call_part(row, args, steps, n, 0, border);
  }
  return gf_reach_of(args, steps, f->nin, f->nout, size_of(row), n);
}

static int is_nan(const char *p, gf_dtype dtype) {
  uint64_t bits = 0;
  memcpy(&bits, p, gf_dtype_size(dtype));
  return dtype == GF_F16    ? (bits & 0x7fff) > 0x7c00
         : dtype == GF_BF16 ? (bits & 0x7fff) > 0x7f80
         : dtype == GF_F32  ? (bits & 0x7fffffff) > 0x7f800000
                            : (bits & INT64_MAX) > 0x7ff0000000000000;
}

/* Two NaNs are the same: of two NaN inputs either may be the result, as compilers exchange factors.
 * */
static int same(const char *a, const char *b, const gf_row *row, size_t n) {
  const size_t size = size_of(row);
  if (memcmp(a, b, n * size) == 0)
    return 1;
  for (size_t i = 0; i < n; i++, a += size, b += size)
    if (memcmp(a, b, size) != 0 && !(is_nan(a, row->dtype) && is_nan(b, row->dtype)))
      return 0;
  return 1;
}

static char filled[sizeof out[0]];

/* Whether out[k] is as it was filled, except for the bytes from `to` on. */
static int rest_is_untouched(int k, const char *to, size_t bytes) {
  const size_t before = (size_t)(to - out[k]);
  return memcmp(out[k], filled, before) == 0 &&
         memcmp(to + bytes, filled, sizeof filled - before - bytes) == 0;
}

/* Of its offsets a row takes one in PART, and the next rows the others. */
#ifdef IS_EMULATED
enum { PART = 8 };
#else
enum { PART = 2 };
#endif

/* How many calls gave wrong results or did not run as `reach`, GF_FAR or GF_STREAMED, says. */
static int check(size_t number, gf_reach reach) {
  static const size_t lengths[] = {1, 15, 16, 33, 511, 1023, 1024, 1025, 2048, 3000, LONGEST};
  const gf_row *row = gf_row_at(number);
  const size_t size = size_of(row);
  const gf_reach expected = reach == GF_FAR && row->function->nin > 1 ? GF_NEAR : reach;
  int wrong = 0;
  fill_inputs(row);
  gf_set_stream_bytes(SIZE_MAX);
  gf_set_far_bytes(SIZE_MAX);
  wrong += call(row, (char *[]){want[0], want[1]}, LONGEST, 0) != GF_NEAR;
  gf_set_far_bytes(1);
  gf_set_stream_bytes(reach == GF_STREAMED ? 1 : SIZE_MAX);
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
    for (size_t offset = (i + number / 4 + number) % PART * 5; offset < ROOM; offset += PART * 5) {
      const size_t n = lengths[i];
      /* the outputs are aligned alike, or not */
      char *to[OUTS] = {out[0] + offset * size, out[1] + (offset % 2 ? offset : ROOM / 2) * size};
      memset(out, FILL, sizeof out);
      wrong += call(row, to, n, offset % 2 ? n / 3 : 0) != expected;
      for (int k = 0; k < row->function->nout; k++) {
        wrong += !same(to[k], want[k], row, n);
        wrong += !rest_is_untouched(k, to[k], n * size);
      }
    }
  return wrong;
}

/* Calls in place, into every other element and the like do not stream. */
static int never_streamed(void) {
  const ptrdiff_t size = (ptrdiff_t)size_of(gf_row_at(0));
  char *const x = inputs, *const y = out[0], *const z = out[1];
  const ptrdiff_t steps[] = {size, size, size}, every_other[] = {size, 2 * size, size};
  const ptrdiff_t backwards[] = {-size, size, size};
#define STREAMS(steps, nin, nout, n, ...)                                                          \
  gf_streams((char *[]){__VA_ARGS__}, steps, nin, nout, (size_t)size, n)
  gf_set_stream_bytes(1);
  return STREAMS(steps, 1, 1, 100, y, y) || STREAMS(steps, 1, 1, 100, y + 64, y) ||
         STREAMS(backwards, 1, 1, 100, y + 100 * size, y) ||
         STREAMS(every_other, 1, 1, 100, x, y) || STREAMS(steps, 1, 1, 100, x, y + 1) ||
         STREAMS(steps, 1, 1, 0, x, y) || STREAMS(steps, 1, 2, 100, x, y, x) ||
         STREAMS(steps, 1, 2, 100, x, y, z + 1) || STREAMS(steps, 2, 1, 100, x, y, y) ||
         !STREAMS(steps, 1, 1, 100, x, y) || !STREAMS(steps, 1, 2, 100, x, y, z);
}

int main(void) {
  int failed = never_streamed();
  memset(filled, FILL, sizeof filled);
  printf("%s never_streamed\n", failed ? "FAILED" : "ok    ");
  for (size_t k = 0; k < gf_isa_count(); k++) {
    if (gf_isa_select(gf_isa_name(k)))
      continue;
    for (int reach = GF_FAR; reach <= GF_STREAMED; reach++) {
      int wrong = 0;
      for (size_t i = 0; i < gf_row_count(); i++)
        wrong += check(i, (gf_reach)reach);
      printf("%s %s on %s\n", wrong ? "FAILED" : "ok    ",
             reach == GF_FAR ? "prefetched" : "streamed", gf_isa());
      failed += wrong > 0;
    }
  }
  return failed > 0;
}
