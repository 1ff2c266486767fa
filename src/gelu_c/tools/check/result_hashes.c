/* Prints a hash of the results of every function, dtype and instruction set for fixed inputs:
 *
 *     result_hashes [--isa NAME] [--side-by-side] > before.txt
 *     ... a change that must not change results ...
 *     result_hashes [--isa NAME] [--side-by-side] | diff before.txt -
 *
 * NAME may be `chosen`: the instruction set that the library chooses. NEON and AVX2 have the same
 * coefficients, so their hashes are the same.
 *
 * The inputs are bit patterns from the whole range, numbers between lo and hi of the row, runs of
 * numbers in the tails, zeros, infinities and NaN. A result must not depend on the layout, so every
 * row also runs with strides, in place, with broadcast inputs, in short calls, with prefetches and
 * with streaming stores; the program fails if one of these gives different bits. --side-by-side skips
 * these. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gelu_c.h"
#include "runtime/stream.h"

enum { N = 65537 + 8192, OPERANDS = 5, WIDEST = 8, SPREAD = 3 };

static uint64_t mixed(uint64_t x) { /* the finalizer of SplitMix64 */
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/* Element i of an array: numbers between lo and hi, then runs in the tails. */
static double number_at(const gf_row *row, uint64_t i, uint64_t seed) {
  const double lo = fmax(row->lo, -1000), hi = fmin(row->hi, 1000);
  const double share = (double)(mixed(i * OPERANDS + seed) >> 11) * 0x1p-53;
  if (i < 65537)
    return lo + (hi - lo) * share;
  return (i / 512 % 2 ? -1 : 1) * (3 + 120 * share * share * (i / 1024 % 2 ? 1 : 0.125));
}

static const double SPECIAL[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 1, -1};

static uint16_t half_of(gf_dtype dtype, double x) {
  const float single = (float)x;
  uint32_t bits;
  memcpy(&bits, &single, sizeof bits);
  if (dtype == GF_BF16)
    return (uint16_t)(bits >> 16);
  const uint32_t sign = bits >> 16 & 0x8000, exponent = bits >> 23 & 255,
                 mantissa = bits >> 13 & 1023;
  if (exponent > 142)
    return (uint16_t)(sign | 0x7c00 | (isnan(x) ? 0x200 : 0));
  return (uint16_t)(sign | (exponent < 113 ? 0 : (exponent - 112) << 10 | mantissa));
}

static void fill(const gf_row *row, char *x, uint64_t seed) {
  const size_t size = gf_dtype_size(row->dtype);
  for (uint64_t i = 0; i < N; i++) {
    uint64_t bits = mixed(i * OPERANDS + seed + 77);
    if (size == 2 && seed == 0)
      bits = i * 7; /* every number */
    const int special = i % 997 == seed * 31;
    if (special || i >= 65537 || (i % 2 && (size > 2 || seed > 0))) {
      const double number = special ? SPECIAL[i / 997 % 7] : number_at(row, i, seed);
      const float single = (float)number;
      const uint16_t half = half_of(row->dtype, number);
      memcpy(&bits,
             size == 8   ? (const void *)&number
             : size == 4 ? (const void *)&single
                         : &half,
             size);
    }
    memcpy(x + i * size, &bits, size); /* little-endian machines only */
  }
}

/* All NaNs become the same: their payload depends on the order of operands. */
static uint64_t bits_of_result(gf_dtype dtype, const char *at) {
  uint64_t bits = 0;
  memcpy(&bits, at, gf_dtype_size(dtype));
  const uint64_t infinity = dtype == GF_F64   ? 0x7ff0000000000000u
                            : dtype == GF_F32 ? 0x7f800000u
                            : dtype == GF_F16 ? 0x7c00u
                                              : 0x7f80u;
  const uint64_t sign = dtype == GF_F64 ? 1ull << 63 : dtype == GF_F32 ? 1u << 31 : 1u << 15;
  return (bits & ~sign) > infinity ? UINT64_MAX : bits;
}

static uint64_t hash(const gf_row *row, char *const *out, ptrdiff_t step) {
  uint64_t sum = 0;
  for (int k = 0; k < row->function->nout; k++)
    for (size_t i = 0; i < N; i++)
      sum = mixed(sum + bits_of_result(row->dtype, out[k] + (ptrdiff_t)i * step) + 1);
  return sum;
}

static char inputs[3][N * WIDEST], outputs[2][N * WIDEST + 64],
    spread[OPERANDS][N * WIDEST * SPREAD];

static uint64_t contiguous(const gf_row *row, int in_short_calls) {
  const int nin = row->function->nin, nout = row->function->nout;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  const ptrdiff_t steps[OPERANDS] = {size, size, size, size, size};
  char *args[OPERANDS];
  for (int k = 0; k < nout; k++)
    memset(outputs[k], 0xa5, sizeof outputs[k]);
  for (size_t i = 0, n; i < N; i += n) {
    n = in_short_calls ? i % 67 + 1 : N;
    n = n < N - i ? n : N - i;
    for (int k = 0; k < nin + nout; k++)
      args[k] = (k < nin ? inputs[k] : outputs[k - nin]) + (ptrdiff_t)i * size;
    gf_call(row, args, steps, n);
  }
  return hash(row, (char *const[]){outputs[0], outputs[1]}, size);
}

static uint64_t in_place(const gf_row *row) {
  const int nin = row->function->nin, nout = row->function->nout;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  const ptrdiff_t steps[OPERANDS] = {size, size, size, size, size};
  char *args[OPERANDS];
  for (int k = 0; k < nin; k++)
    args[k] = memcpy(spread[k], inputs[k], sizeof inputs[k]);
  for (int k = 0; k < nout; k++)
    args[nin + k] = spread[k];
  gf_call(row, args, steps, N);
  return hash(row, args + nin, size);
}

static uint64_t strided(const gf_row *row, int backwards) {
  const int nin = row->function->nin, nout = row->function->nout;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  ptrdiff_t steps[OPERANDS];
  char *args[OPERANDS];
  for (int k = 0; k < nin + nout; k++) {
    steps[k] = size * (backwards ? -1 - k % 2 : SPREAD - k % 2);
    args[k] = spread[k] + (steps[k] < 0 ? (N - 1) * -steps[k] : 0);
    for (ptrdiff_t i = 0; k < nin && i < N; i++)
      memcpy(args[k] + i * steps[k], inputs[k] + i * size, (size_t)size);
  }
  gf_call(row, args, steps, N);
  uint64_t sum = 0; /* as in hash, except that each output has its own step */
  for (int k = nin; k < nin + nout; k++)
    for (ptrdiff_t i = 0; i < N; i++)
      sum = mixed(sum + bits_of_result(row->dtype, args[k] + i * steps[k]) + 1);
  return sum;
}

/* Whether a call with a broadcast last input differs from the same call on a full array. */
static int broadcast_differs(const gf_row *row) {
  const int nin = row->function->nin, nout = row->function->nout, last = nin - 1;
  const ptrdiff_t size = (ptrdiff_t)gf_dtype_size(row->dtype);
  ptrdiff_t steps[OPERANDS] = {size, size, size, size, size};
  char *args[OPERANDS];
  const char *one = inputs[last] + 5 * size;
  for (ptrdiff_t i = 0; i < N; i++)
    memcpy(spread[0] + i * size, one, (size_t)size);
  for (int k = 0; k < nin; k++)
    args[k] = k == last ? spread[0] : inputs[k];
  for (int k = 0; k < nout; k++)
    args[nin + k] = spread[1 + k];
  gf_call(row, args, steps, N);
  const uint64_t full = hash(row, args + nin, size);
  args[last] = spread[0];
  steps[last] = 0;
  for (int k = 0; k < nout; k++)
    args[nin + k] = outputs[k];
  gf_call(row, args, steps, N);
  return hash(row, args + nin, size) != full;
}

static int check(const gf_row *row, const char *isa, int side_by_side) {
  static const char *const DTYPES[] = {"float16", "bfloat16", "float32", "float64"};
  const char *name = row->function->name;
  for (int k = 0; k < row->function->nin; k++)
    fill(row, inputs[k], (uint64_t)k);
  const uint64_t sum = contiguous(row, 0);
  printf("%s %s %s %016llx\n", name, DTYPES[row->dtype], isa, (unsigned long long)sum);
  if (side_by_side)
    return 0;
  const char *differs = NULL;
  if (contiguous(row, 1) != sum)
    differs = "in short calls";
  if (in_place(row) != sum)
    differs = "in place";
  if (strided(row, 0) != sum || strided(row, 1) != sum)
    differs = "strided";
  if (broadcast_differs(row))
    differs = "broadcast";
  const size_t bytes = gf_stream_bytes();
  gf_set_stream_bytes(1);
  if (contiguous(row, 0) != sum)
    differs = "streamed";
  gf_set_stream_bytes(SIZE_MAX);
  const size_t far_bytes = gf_far_bytes();
  gf_set_far_bytes(1);
  if (contiguous(row, 0) != sum)
    differs = "prefetched";
  gf_set_far_bytes(far_bytes);
  gf_set_stream_bytes(bytes);
  if (differs)
    fprintf(stderr, "%s %s on %s: other bits %s\n", name, DTYPES[row->dtype], isa, differs);
  return differs != NULL;
}

int main(int argc, char **argv) {
  int wrong = 0, hashed = 0, side_by_side = 0;
  const char *wanted = NULL;
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], "--side-by-side") == 0)
      side_by_side = 1;
    else if (strcmp(argv[i], "--isa") == 0 && i + 1 < argc)
      wanted = argv[++i];
    else
      return fprintf(stderr, "usage: %s [--isa NAME] [--side-by-side]\n", argv[0]), 2;
  if (wanted && strcmp(wanted, "chosen") == 0)
    wanted = gf_isa();
  for (size_t k = 0; k < gf_isa_count(); k++) {
    const char *isa = gf_isa_name(k);
    if (!gf_isa_available(k) || (wanted && strcmp(wanted, isa) != 0))
      continue;
    gf_isa_select(isa);
    for (size_t i = 0; i < gf_row_count(); i++)
      wrong += check(gf_row_at(i), isa, side_by_side);
    hashed++;
  }
  if (!hashed)
    fprintf(stderr, "%s is not available: %s\n", wanted, gf_cpu_features());
  return wrong != 0 || !hashed || fflush(stdout) != 0;
}
