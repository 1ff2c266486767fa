/* Evaluates the definitions of functions.def in two precisions, without code of this library: fast
 * with the double functions of the C library, and in quadruple precision with libquadmath, or with
 * long double if that is IEEE binary128. tests/accuracy/test_c_reference.py checks it with Arb. */
#ifndef GF_REFERENCE_H
#define GF_REFERENCE_H

#include <float.h>

#if LDBL_MANT_DIG == 113
typedef long double quad;
#else
typedef __float128 quad;
#endif

/* in_double and in_quad evaluate the definition alone, for finite arguments; zeros lose their sign.
 * A function of x ignores dy. */
typedef struct {
  const char *name;
  double (*in_double)(double dy, double x);
  quad (*in_quad)(quad dy, quad x);
  int is_rational; /* 1 if no value underflows: a value of 0 is exact */
  double at_minus_inf, at_inf;
} reference;

/* Returns NULL if there is no such function. */
const reference *reference_of(const char *name);

/* The value for dy = 1 at any number, infinities included; a zero has the right sign.
 * reference_fast has a relative error of about 2^-44, or more if the definition cancels. */
double reference_fast(const reference *f, double x);
quad reference_exact(const reference *f, quad x);

/* For a function of dy and x: the value for dy, from the value for dy = 1. */
double reference_times_fast(const reference *f, double dy, double x, double value);
quad reference_times_exact(const reference *f, quad dy, quad x, quad value);

#endif
