/* The left tail of the normal distribution without its exponential, in float64:
 *
 *     Phi(-a) * exp(a^2 / 2) = w(t) / (a + 4),   t = (a - 4) / (a + 4),   a in [0, 40].
 *
 * A Mills ratio falls like 1/a, so the factor a + 4 leaves a function that varies by a factor of
 * five over the whole half line, and t maps that line to [-1, 1), where one polynomial of degree 23
 * reaches 2^-55. The change of variable is that of Shepherd and Laframboise, Math. Comp. 36 (1981). */
#ifndef GF_NORMAL_H
#define GF_NORMAL_H

#include "../../coeffs/normal_f64.h"
#include "poly.h"
#include "vd2.h"

/* Every tail has underflowed before the first; times any other number before the second. */
enum { NORMAL_A_MAX = 40, NORMAL_GRAD_A_MAX = 55 };

typedef struct {
  vd t;
  vd2 d; /* 1 / (a + 4) */
} vd_normal_variable;

/* t = 1 - 8d: near a = 0 both terms are 1 or 2, so d's second word matters. */
static inline vd_normal_variable vd_normal_t(vd a) {
  const vd four = vd_set(4);
  const vd2 s = vd2_sum(vd_max(a, four), vd_min(a, four));
  const vd d = vd_div(vd_set(1), s.hi);
  const vd d_low = vd_mul(d, vd_fnma(d, s.lo, vd_fnma(d, s.hi, vd_set(1))));
  const vd t = vd_fnma(vd_set(8), d_low, vd_fnma(vd_set(8), d, vd_set(1)));
  return (vd_normal_variable){t, {d, d_low}};
}

static inline vd2 vd_mills(vd a) {
  const vd_normal_variable v = vd_normal_t(a);
  return vd2_mul(VD2_POLY(v.t, normal_w), v.d);
}

#endif
