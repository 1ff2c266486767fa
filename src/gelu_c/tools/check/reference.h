/* The functions of functions.def from their definitions, in two precisions and with nothing of this
 * library in them: the C library's double functions, fast, and quadruple precision (libquadmath, or
 * long double where that is IEEE binary128). Checked against Arb by tests/accuracy/test_c_reference.py. */
#ifndef GF_REFERENCE_H
#define GF_REFERENCE_H

#include <float.h>

#if LDBL_MANT_DIG == 113
typedef long double quad;
#else
typedef __float128 quad;
#endif

/* in_double, in_quad: the bare definition, for finite arguments; zeros lose their sign. dy is of no
 * effect where a function has none. */
typedef struct {
  const char *name;
  double (*in_double)(double dy, double x);
  quad (*in_quad)(quad dy, quad x);
  int is_rational; /* piecewise: its zeros are zeros, and none has underflowed */
  double at_minus_inf, at_inf;
} reference;

/* NULL if there is no such function. */
const reference *reference_of(const char *name);

/* The value (where dy = 1) at any double, infinities included, with the sign of a zero right. reference_fast has a
 * relative error of about 2^-44, more where the definition cancels. */
double reference_fast(const reference *f, double x);
quad reference_exact(const reference *f, double x);

/* For a function of dy and x: the value at dy, from that at dy = 1. */
double reference_times_fast(const reference *f, double dy, double x, double value);
quad reference_times_exact(const reference *f, double dy, double x, quad value);

#endif
