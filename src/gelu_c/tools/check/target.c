#include "target.h"

#include <math.h>
#include <string.h>

#include "inputs.h"
#include "ulp.h"

/* ---- Numbers of a dtype */

static int64_t largest_ordinal(gf_dtype dtype) {
  const gf_format format = gf_formats[dtype];
  return ((int64_t)(3 - 2 * format.emin) << format.mantissa_bits) - 1;
}

int64_t ordinal_of(gf_dtype dtype, double x) {
  const int64_t size = (int64_t)input_pattern(dtype, fabs(x));
  return signbit(x) ? -size : size;
}

double number_at(gf_dtype dtype, int64_t ordinal) {
  const int64_t most = largest_ordinal(dtype), size = ordinal < 0 ? -ordinal : ordinal;
  uint64_t block[1];
  input_put(dtype, block, 0, (uint64_t)(size < most ? size : most));
  const double number = input_as_double(dtype, block, 0);
  return ordinal < 0 ? -number : number;
}

double rounded_to(gf_dtype dtype, quad x) {
  const gf_format format = gf_formats[dtype];
  const double most = number_at(dtype, INT64_MAX);
  double number = dtype == GF_F64 ? (double)x : (double)(float)x;
  if (gf_dtype_size(dtype) == 2) {
    int exponent;
    frexp(number, &exponent);
    exponent = number == 0 || exponent - 1 < format.emin ? format.emin : exponent - 1;
    number = ldexp(rint(ldexp(number, format.mantissa_bits - exponent)),
                   exponent - format.mantissa_bits);
  }
  return number > most ? most : number < -most ? -most : number;
}

quad size_of(quad x) { return x < 0 ? -x : x; }

int exponent_of(quad x) {
  int exponent, lifted = 0;
  for (; x != 0 && (double)x == 0; lifted += 1000)
    x *= (quad)0x1p1000;
  frexp((double)x, &exponent);
  return exponent - 1 - lifted;
}

/* ---- The inputs of a row */

static int input_named(const target *t, const char *name) {
  for (int i = 0; i < t->nin; i++)
    if (strcmp(t->f.names[i], name) == 0)
      return i;
  return -1;
}

static void neutral_inputs(const target *t, quad point, quad *args) {
  for (int i = 0; i < t->nin; i++)
    args[i] = i == t->point ? point : i != t->bias;
}

quad value_at(const target *t, int k, quad point) {
  quad args[INPUTS_MAX];
  neutral_inputs(t, point, args);
  return output_exact(&t->f, k, args);
}

target target_of(const gf_row *row) {
  target t = {.row = row, .dtype = row->dtype, .f = outputs_of(row->function)};
  t.nin = row->function->nin;
  t.nout = row->function->nout;
  t.gate = input_named(&t, "gate");
  t.point = t.gate >= 0 ? t.gate : input_named(&t, "x");
  t.bias = input_named(&t, "b");
  t.rate = input_named(&t, "beta");
  t.slope = input_named(&t, "negative_slope");
  t.limited = -1;
  for (int i = 0; i < t.nin; i++) {
    if (i == t.point || i == t.bias || i == t.rate || i == t.slope)
      continue;
    for (int k = 0; k < t.nout; k++) {
      quad args[INPUTS_MAX];
      neutral_inputs(&t, 0.5, args);
      const quad once = output_exact(&t.f, k, args);
      args[i] = 2;
      t.is_factor[k][i] = output_exact(&t.f, k, args) == 2 * once;
    }
    if (!t.is_factor[0][i] && !t.is_factor[1][i])
      t.limited = i;
  }
  return t;
}

void values_without_factors(const target *t, const double *args, quad *values) {
  for (int k = 0; k < t->nout; k++) {
    quad all[INPUTS_MAX];
    for (int i = 0; i < t->nin; i++)
      all[i] = t->is_factor[k][i] ? 1 : args[i];
    if (t->bias >= 0) {
      const quad sum = (quad)args[t->point] + args[t->bias];
      all[t->point] = t->dtype == GF_F64 ? (quad)(double)sum : (quad)(float)sum;
      all[t->bias] = 0;
    }
    values[k] = output_exact(&t->f, k, all);
  }
}

double point_of(const target *t, const double *args) {
  const quad x = args[t->point];
  return rounded_to(t->dtype, t->bias >= 0   ? x + args[t->bias]
                              : t->rate >= 0 ? x * args[t->rate]
                                             : x);
}
