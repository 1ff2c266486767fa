/* Writes the instruction set in use to stderr, and the results of every row of the table to stdout,
 * as bytes. Two runs with the same instruction set must write the same bytes on any processor. So
 * must NEON and AVX2, which have the same coefficients. No input is a NaN, because its payload may
 * differ between processors. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "gelu_c.h"

enum { N = 65537 }; /* all 16-bit numbers, and odd, so the last vector is padded */

/* Every second number is any bit pattern, the others are spread over [lo, hi]. */
static void fill_f32(const gf_row *row, float *x) {
  const double lo = fmax(row->lo, -1000), hi = fmin(row->hi, 1000);
  for (uint32_t i = 0; i < N; i++) {
    const uint32_t bits = i * 2654435769u;
    memcpy(&x[i], &bits, sizeof bits);
    if (i % 2 || isnan(x[i]))
      x[i] = (float)(lo + (hi - lo) * i / N);
  }
}

static void fill_f64(const gf_row *row, double *x) {
  const double lo = fmax(row->lo, -1000), hi = fmin(row->hi, 1000);
  for (uint32_t i = 0; i < N; i++) {
    const uint64_t bits = i * 11400714819323198485ull;
    memcpy(&x[i], &bits, sizeof bits);
    if (i % 2 || isnan(x[i]))
      x[i] = lo + (hi - lo) * i / N;
  }
}

static void fill_halves(uint16_t *x, uint16_t largest) {
  for (uint32_t i = 0; i < N; i++) {
    x[i] = (uint16_t)(i * 7);
    if ((x[i] & 0x7fff) > largest)
      x[i] = 0;
  }
}

/* Makes all NaNs the same: the sign of infinity times 0 depends on the processor. */
static void make_nans_alike(gf_dtype dtype, void *results) {
  uint16_t *halves = results;
  float *singles = results;
  double *doubles = results;
  for (uint32_t i = 0; i < N; i++)
    if (dtype == GF_F64)
      doubles[i] = isnan(doubles[i]) ? NAN : doubles[i];
    else if (dtype == GF_F32)
      singles[i] = isnan(singles[i]) ? NAN : singles[i];
    else if ((halves[i] & 0x7fff) > (dtype == GF_F16 ? 0x7c00 : 0x7f80))
      halves[i] = 0x7fff;
}

int main(void) {
  static double x[N], out[2][N]; /* room for any dtype */
  if (gf_isa_error()) {
    fprintf(stderr, "%s is not available: %s\n", gf_isa_error(), gf_cpu_features());
    return 2;
  }
  fprintf(stderr, "%s\n", gf_isa());
  for (size_t i = 0; i < gf_row_count(); i++) {
    const gf_row *row = gf_row_at(i);
    const int product = row->function->nin > 1; /* infinity times 0 would make a NaN */
    if (row->dtype == GF_F16)
      fill_halves((void *)x, (uint16_t)(0x7c00 - product));
    else if (row->dtype == GF_BF16)
      fill_halves((void *)x, (uint16_t)(0x7f80 - product));
    else if (row->dtype == GF_F32)
      fill_f32(row, (void *)x);
    else
      fill_f64(row, x);
    char *args[5] = {(char *)x, (char *)x, (char *)x};
    const ptrdiff_t step = (ptrdiff_t)gf_dtype_size(row->dtype),
                    steps[] = {step, step, step, step, step};
    for (int k = 0; k < row->function->nout; k++)
      args[row->function->nin + k] = (char *)out[k];
    gf_call(row, args, steps, N);
    for (int k = 0; k < row->function->nout; k++)
      make_nans_alike(row->dtype, out[k]);
    for (int k = 0; k < row->function->nout; k++)
      fwrite(out[k], gf_dtype_size(row->dtype), N, stdout);
  }
  return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
