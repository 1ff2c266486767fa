/* erfc(z) for z >= 0 in float64: 2 * Phi(-sqrt(2) z), with exp(-z^2) from z itself. The rounding of
 * sqrt(2) * z costs half an ULP at most, as a Mills ratio changes no faster than its argument. */
#ifndef GF_ERFC_TAIL_H
#define GF_ERFC_TAIL_H

#include "exp.h"
#include "normal.h"

enum { ERFC_Z_MAX = 28 }; /* erfc has underflowed before it */

static inline vd vd_erfc_tail(vd z) {
  const vd_exponential e = vd_exp_minus_square(z);
  const vd2 mills = vd_mills(vd_mul(z, vd_set(0x1.6a09e667f3bcdp0))); /* sqrt(2) */
  return vd_scale(vd2_times(vd2_mul(mills, e.m), vd_set(2)), e.n);
}

#endif
