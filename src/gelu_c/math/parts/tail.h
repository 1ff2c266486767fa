/* The far tails in float32: factor * exp(-phase), for the rare lanes beyond the rows. Both factors
 * in two words, so that the result is rounded once, into the subnormal range too. An input that is
 * all tail costs about three times the usual time; through the float64 functions it was ten times. */
#ifndef GF_TAIL_H
#define GF_TAIL_H

#include <math.h>

#include "../../coeffs/tail_f32.h"
#include "compiler.h"
#include "poly.h"
#include "vf2.h"

typedef struct {
  vf2 m;
  vf n;
} vf_exponential;

/* exp(-phase) as (m.hi + m.lo) * 2^n, for a phase in [0, 130] */
static inline vf_exponential vf_exp_minus(vf2 phase) {
  const vf n = vf_round(vf_mul(phase.hi, vf_set(-0x1.715476p0f))); /* 1 / ln 2 */
  const vf exact = vf_fnma(n, vf_set(exp_f32_ln2[0]), vf_sub(vf_set(0), phase.hi));
  const vf low = vf_fnma(n, vf_set(exp_f32_ln2[1]), vf_sub(vf_set(0), phase.lo));
  const vf2 r = vf2_sum(exact, low);
  const vf2 x = vf2_sum(r.hi, vf_fma(vf_mul(r.hi, r.hi), VF_POLY(r.hi, exp_f32_p), r.lo));
  const vf2 m = vf2_sum(vf_set(1), x.hi);
  return (vf_exponential){{m.hi, vf_add(m.lo, x.lo)}, n};
}

/* m * 2^n, not yet rounded into the subnormal range */
typedef struct {
  vf m, n;
} vf_scaled;

static inline vf vf_value(vf_scaled y) { return vf_scale(y.m, vf_max(y.n, vf_set(-200))); }

/* factor * exp(-phase) */
static inline vf_scaled vf_times_exp_minus(vf2 factor, vf2 phase) {
  const vf_exponential e = vf_exp_minus(phase);
  const vf2 y = vf2_mul(factor, e.m);
  return (vf_scaled){vf_add(y.hi, y.lo), e.n};
}

/* factor * e / (1 + e)^power, e = exp(-phase) < 2^-20, as factor * e * (1 - power * e) */
static inline vf_scaled vf_times_logistic(vf2 factor, vf2 phase, float power) {
  const vf_exponential e = vf_exp_minus(phase);
  const vf small = vf_mul(e.m.hi, vf_exp2i(vf_max(e.n, vf_set(-100))));
  const vf correction = vf_mul(vf_set(-power), small);
  const vf2 corrected = {factor.hi, vf_fma(factor.hi, correction, factor.lo)};
  const vf2 y = vf2_mul(corrected, e.m);
  return (vf_scaled){vf_add(y.hi, y.lo), e.n};
}

/* factor * y for any factor, which is brought near 1 for vf_scale: a product that was subnormal on the
 * way would be rounded twice, and take many processors ten times longer. */
static inline vf vf_times_scaled(vf factor, vf_scaled y) {
  const vf size = vf_abs(factor), one = vf_set(1);
  const mf small = vf_lt(size, vf_set(0x1p-60f)), large = vf_lt(vf_set(0x1p60f), size);
  const vf nearer = vf_select(small, vf_set(0x1p100f), vf_select(large, vf_set(0x1p-100f), one));
  const vf moved = vf_select(small, vf_set(-100), vf_select(large, vf_set(100), vf_set(0)));
  const vf n = vf_max(vf_add(y.n, moved), vf_set(-250));
  const vf product = vf_scale(vf_mul(vf_mul(factor, nearer), y.m), n);
  return vf_select(vf_lt(size, vf_set(INFINITY)), product, vf_mul(factor, y.m));
}

/* a^2 / 2 and a^2 */
static inline vf2 vf2_half_square(vf a) { return vf2_product(vf_mul(a, vf_set(0.5f)), a); }
static inline vf2 vf2_square(vf a) { return vf2_product(a, a); }

/* float32 has underflowed before, times any other float before NORMAL_GRAD_F32_MAX */
enum { NORMAL_F32_MAX = 15, NORMAL_GRAD_F32_MAX = 20, ERFC_F32_MAX = 11 };

#endif
