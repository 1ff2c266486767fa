/* exp(h + l) in float64, as (m + m_low) * 2^n with m in [0.7, 1.42], for h in [-1400, 0] and
 * abs(l) < 2^-50 abs(h).
 *
 * n = round(h / ln 2); r = h - n*ln 2 in two words; exp(r) = 1 + r + r^2 * p(r), as two words with
 * an error of about 2^-56. Keeping n apart lets the caller multiply first and round once into the
 * subnormal range. The low word l matters in the tails: exp amplifies the rounding of its
 * argument by abs(h). */
#ifndef GF_EXP_H
#define GF_EXP_H

#include "../../coeffs/exp_f64.h"
#include "poly.h"
#include "vd2.h"

typedef struct {
  vd2 m;
  vd n;
} vd_exponential;

/* expm1(r) where h + l = r + n*ln 2, abs(r) <= ln(2)/2 */
static inline vd_exponential vd_exp_reduced_m1(vd h, vd l) {
  const vd n = vd_round(vd_mul(h, vd_set(0x1.71547652b82fep0))); /* 1 / ln 2 */
  const vd exact = vd_fnma(n, vd_set(exp_ln2[0]), h);
  const vd2 r = vd2_sum(exact, vd_fnma(n, vd_set(exp_ln2[1]), l));
  const vd tail = vd_fma(vd_mul(r.hi, r.hi), VD_POLY(r.hi, exp_p), r.lo);
  return (vd_exponential){vd2_sum(r.hi, tail), n};
}

static inline vd_exponential vd_exp(vd h, vd l) {
  const vd_exponential x = vd_exp_reduced_m1(h, l);
  const vd2 m = vd2_sum(vd_set(1), x.m.hi);
  return (vd_exponential){{m.hi, vd_add(m.lo, x.m.lo)}, x.n};
}

/* m * 2^n, not yet rounded into the subnormal range */
typedef struct {
  vd m, n;
} vd_scaled;

static inline vd vd_value(vd_scaled y) { return vd_scale(y.m, vd_max(y.n, vd_set(-2000))); }

/* factor * y for any factor: 2^n in steps of which only the last ones, where the result is subnormal
 * anyway, can round. */
static inline vd vd_times_scaled(vd factor, vd_scaled y) {
  const vd first = vd_max(y.n, vd_set(-900)), rest = vd_sub(y.n, first);
  const vd half = vd_round(vd_mul(rest, vd_set(0.5)));
  const vd product = vd_mul(factor, vd_mul(y.m, vd_exp2i(first)));
  return vd_mul(vd_mul(product, vd_exp2i(half)), vd_exp2i(vd_sub(rest, half)));
}

/* 1 + (m + m_low) * 2^n */
static inline vd2 vd_one_plus(vd_exponential e) {
  const vd n = vd_max(e.n, vd_set(-1000)); /* where it does not show any more */
  const vd2 sum = vd2_sum(vd_set(1), vd_scale(e.m.hi, n));
  return (vd2){sum.hi, vd_add(sum.lo, vd_scale(e.m.lo, n))};
}

/* exp(-a^2 / 2), exp(-a^2): the square in two words. */
static inline vd_exponential vd_exp_minus_half_square(vd a) {
  const vd2 h = vd2_product(vd_mul(a, vd_set(-0.5)), a);
  return vd_exp(h.hi, h.lo);
}
static inline vd_exponential vd_exp_minus_square(vd a) {
  const vd2 h = vd2_product(vd_mul(a, vd_set(-1)), a);
  return vd_exp(h.hi, h.lo);
}

#endif
