#include "window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inputs.h"
#include "ulp.h"

enum { NODES = 5 };

/* Output k at centre + u * radius is high + low + u * (c[1] + u * (c[2] + ...)), for abs(u) <= 1. */
typedef struct {
  double high, low, c[NODES];
} fit;

/* The numbers of a window, as ordinals. The relative width is 2^-25 in float64 and 2^-13 in
 * float32: so narrow that even in the tails the fifth derivative is negligible. */
static int64_t reach_of(gf_dtype dtype) { return dtype == GF_F64 ? 1 << 26 : 1 << 9; }

/* Coefficients of the polynomial through (u[i], f[i]): divided differences, then expanded. */
static void interpolate(const quad *u, quad *f, fit *made) {
  for (int order = 1; order < NODES; order++)
    for (int i = NODES - 1; i >= order; i--)
      f[i] = (f[i] - f[i - 1]) / (u[i] - u[i - order]);
  quad c[NODES] = {0};
  for (int i = NODES - 1; i >= 0; i--) { /* c = c * (u - u[i]) + f[i] */
    for (int k = NODES - 1; k > 0; k--)
      c[k] = c[k - 1] - c[k] * u[i];
    c[0] = f[i] - c[0] * u[i];
  }
  made->high = (double)c[0];
  made->low = (double)(c[0] - made->high);
  for (int k = 1; k < NODES; k++)
    made->c[k] = (double)c[k];
}

/* Fits all outputs; returns -1 if one of them is not smooth, or too large or small. */
static int fit_outputs(const target *t, const double *args, double radius, fit *fits) {
  const int64_t here = ordinal_of(t->dtype, args[t->point]), reach = reach_of(t->dtype);
  quad u[NODES], f[OUTPUTS_MAX][NODES];
  for (int i = 0; i < NODES; i++) {
    double at[INPUTS_MAX];
    memcpy(at, args, sizeof at);
    at[t->point] = number_at(t->dtype, here + (i - NODES / 2) * (reach / (NODES / 2)));
    u[i] = (quad)(at[t->point] - args[t->point]) / radius;
    quad values[OUTPUTS_MAX] = {0};
    values_without_factors(t, at, values);
    for (int k = 0; k < t->nout; k++)
      f[k][i] = values[k];
  }
  for (int k = 0; k < t->nout; k++) {
    const quad first = f[k][0], last = f[k][NODES - 1];
    if (!(first * last > 0) || size_of(first) > 2 * size_of(last) ||
        size_of(last) > 2 * size_of(first) || size_of(first) < 0x1p-900 || size_of(first) > 0x1p900)
      return -1;
    interpolate(u, f[k], &fits[k]);
  }
  return 0;
}

/* A number as the sum of two doubles. */
typedef struct {
  double high, low;
} pair;

static pair times(pair x, double y) {
  const double high = x.high * y;
  return (pair){high, fma(x.high, y, -high) + x.low * y};
}

static double power_of_two(int e) {
  const uint64_t bits = (uint64_t)(e + 1023) << 52;
  double power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

/* The error in ULP: ulp.h, for numbers that are not special. */
static double error_of(double got, pair want, const gf_format *format) {
  uint64_t bits;
  memcpy(&bits, &want.high, sizeof bits);
  int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
  const int is_power = bits << 12 == 0;
  if (is_power && want.low * want.high < 0)
    exponent--;
  exponent = exponent > format->emin ? exponent : format->emin;
  return fabs(got - want.high - want.low) * power_of_two(-exponent) *
         power_of_two(format->mantissa_bits);
}

static double nearest(gf_dtype dtype, double x) { return dtype == GF_F64 ? x : (double)(float)x; }

static double uniform(uint64_t *drawn) {
  return (double)(input_random((*drawn)++) >> 11) * 0x1p-53;
}

/* Chooses the factors: all are in [1, 2), except the last, which makes the product of output
 * `focus` land just below a power of two. */
static void choose_factors(const target *t, int focus, int last, double power, double value,
                           uint64_t *drawn, double *args) {
  double others = fabs(value);
  for (int i = 0; i < t->nin; i++)
    if (i != last && (t->is_factor[0][i] || t->is_factor[1][i])) {
      args[i] = nearest(t->dtype, 1 + uniform(drawn));
      if (t->is_factor[focus][i])
        others *= args[i];
    }
  const double epsilon = power_of_two(-1 - gf_formats[t->dtype].mantissa_bits);
  const double back = floor(3 * uniform(drawn));
  args[last] = nearest(t->dtype, power / others * (1 - back * epsilon));
}

size_t window_sample(const target *t, const double *args, int samples, const char *const *isas,
                     size_t isa_count, uint64_t *drawn, worst_case (*worst)[OUTPUTS_MAX]) {
  static union {
    uint64_t align;
    char bytes[WINDOW_MOST * sizeof(double)];
  } arrays[INPUTS_MAX + OUTPUTS_MAX];
  static double chosen[WINDOW_MOST][INPUTS_MAX];
  static pair want[OUTPUTS_MAX][WINDOW_MOST];
  const gf_format format = gf_formats[t->dtype];
  for (size_t isa = 0; isa < isa_count; isa++)
    for (int k = 0; k < t->nout; k++)
      worst[isa][k].error = -1;
  const int64_t here = ordinal_of(t->dtype, args[t->point]), reach = reach_of(t->dtype);
  const double radius = fabs(number_at(t->dtype, here + reach) - args[t->point]);
  fit fits[OUTPUTS_MAX];
  if (gf_dtype_size(t->dtype) == 2 || llabs(here) < 4 * reach ||
      (int64_t)input_pattern(t->dtype, INFINITY) - llabs(here) < 4 * reach ||
      fit_outputs(t, args, radius, fits))
    return 0;

  const int focus = t->nout > 1 ? (int)(input_random((*drawn)++) % 2) : 0;
  int last = -1;
  for (int i = 0; i < t->nin; i++)
    if (t->is_factor[focus][i] && (last < 0 || input_random((*drawn)++) % 2))
      last = i;
  const double power = ldexp(1, (int)(input_random((*drawn)++) % 7) - 3);
  char *operands[INPUTS_MAX + OUTPUTS_MAX];
  ptrdiff_t steps[INPUTS_MAX + OUTPUTS_MAX];
  for (int i = 0; i < t->nin + t->nout; i++) {
    operands[i] = arrays[i].bytes;
    steps[i] = (ptrdiff_t)gf_dtype_size(t->dtype);
  }
  for (int n = 0; n < samples; n++) {
    double *at = chosen[n];
    memcpy(at, args, sizeof chosen[n]);
    const int64_t offset = (int64_t)(input_random((*drawn)++) % (uint64_t)(2 * reach + 1)) - reach;
    at[t->point] = number_at(t->dtype, here + offset);
    const double u = (at[t->point] - args[t->point]) / radius;
    for (int k = 0; k < t->nout; k++) {
      const fit *f = &fits[k];
      double rest = f->c[NODES - 1];
      for (int i = NODES - 2; i > 0; i--)
        rest = fma(rest, u, f->c[i]);
      rest = fma(rest, u, f->low);
      const double high = f->high + rest;
      want[k][n] = (pair){high, f->high - high + rest};
    }
    if (last >= 0)
      choose_factors(t, focus, last, power, want[focus][n].high, drawn, at);
    for (int i = 0; i < t->nin; i++) {
      input_put(t->dtype, operands[i], (size_t)n, input_pattern(t->dtype, at[i]));
      for (int k = 0; k < t->nout; k++)
        if (t->is_factor[k][i])
          want[k][n] = times(want[k][n], at[i]);
    }
  }
  for (size_t isa = 0; isa < isa_count; isa++) {
    gf_isa_select(isas[isa]);
    gf_call(t->row, operands, steps, (size_t)samples);
    for (int k = 0; k < t->nout; k++)
      for (int n = 0; n < samples; n++) {
        const double got = input_as_double(t->dtype, operands[t->nin + k], (size_t)n);
        const double error = error_of(got, want[k][n], &format);
        if (!(error <= worst[isa][k].error)) {
          worst[isa][k].error = error;
          memcpy(worst[isa][k].args, chosen[n], sizeof chosen[n]);
        }
      }
  }
  return (size_t)samples;
}
