/* The error of a result in ULP, for the four dtypes. This is the only definition in C.
 *
 *   error = abs(got - want) / ulp(want),  ulp(r) = 2^(max(exponent(r), emin) - mantissa bits)
 *
 * The error is infinite for a zero of the wrong sign, a NaN instead of a number, a number instead
 * of a NaN, and a wrong infinity. If the exact value rounds to an infinity, only that infinity is
 * right. */
#ifndef GF_ULP_H
#define GF_ULP_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "gelu_c.h"
#include "reference.h"

typedef struct {
  const char *name;
  int emin, mantissa_bits;
} gf_format;

static const gf_format gf_formats[GF_DTYPES] = {
    [GF_F16] = {"f16", -14, 10},
    [GF_BF16] = {"bf16", -126, 7},
    [GF_F32] = {"f32", -126, 23},
    [GF_F64] = {"f64", -1022, 52},
};

/* 0 or infinity if NaNs, infinities or signs decide; -1 if the distance must be measured. */
static inline double class_error(double got, int want_nan, int want_inf, int want_negative) {
  if (want_nan || isnan(got))
    return want_nan && isnan(got) ? 0 : INFINITY;
  if (want_inf || isinf(got))
    return want_inf && isinf(got) && !signbit(got) == !want_negative ? 0 : INFINITY;
  if (got == 0 && !signbit(got) != !want_negative)
    return INFINITY;
  return -1;
}

/* The smallest number that rounds to infinity: half an ULP above the largest finite number. */
static inline quad overflow(gf_dtype dtype) {
  const gf_format format = gf_formats[dtype];
  return (2 - (quad)ldexp(1, -format.mantissa_bits - 1)) * (quad)ldexp(1, 1 - format.emin);
}

static inline double error_from_quad(double got, quad want, gf_dtype dtype) {
  const double nearest =
      (double)want; /* its sign is right even if it is 0 or infinite and want is not */
  const int infinite = (want < 0 ? -want : want) >= overflow(dtype);
  const double decided = class_error(got, want != want, infinite, signbit(nearest) != 0);
  if (decided >= 0)
    return decided;
  int exponent;
  frexp(nearest, &exponent);
  exponent--; /* frexp counts from 1/2 */
  if ((want < 0 ? -want : want) < (quad)ldexp(1, exponent))
    exponent--; /* rounding to double carried into the next power of two */
  if (nearest == 0 || exponent < gf_formats[dtype].emin)
    exponent = gf_formats[dtype].emin;
  const quad distance = got < want ? want - got : got - want;
  const int scale = gf_formats[dtype].mantissa_bits - exponent;
  /* In two steps, because 2^scale may be too large for a double. */
  return (double)(distance * (quad)ldexp(1, scale / 2) * (quad)ldexp(1, scale - scale / 2));
}

/* For the dtypes other than float64: their numbers are far inside the range of double. */
static inline double error_from_double(double got, double want, gf_dtype dtype) {
  const int infinite = fabs(want) >= (double)overflow(dtype);
  const double decided = class_error(got, isnan(want), infinite, signbit(want) != 0);
  if (decided >= 0)
    return decided;
  uint64_t bits;
  memcpy(&bits, &want, sizeof bits);
  const int smallest = 1023 + gf_formats[dtype].emin;
  int biased = (int)(bits >> 52 & 0x7ff);
  biased = biased > smallest ? biased : smallest;
  bits = (uint64_t)(2046 + gf_formats[dtype].mantissa_bits - biased) << 52;
  double scale;
  memcpy(&scale, &bits, sizeof scale);
  return fabs(got - want) * scale;
}

#endif
