/* The far tails: factor * exp(-phase), for the rare lanes beyond the pieces. Both factors are two
 * words, so the result is rounded once, even if it is subnormal. Data that is all tail takes about
 * three times the usual time (benchmarks/NOTES.md). */
#ifndef GF_TAIL_H
#define GF_TAIL_H

#include <math.h>

#include TAIL_TABLES
#include "math/parts/poly.h"
#include "math/parts/ranges.h"
#include "math/parts/two_words.h"
#include "simd/compiler.h"

typedef struct {
  v2 m;
  v n;
} v_exponential;

/* exp(exponent) as (m.hi + m.lo) * 2^n */
static inline v_exponential v_exp(v2 exponent) {
  const v n = v_round(v_mul(exponent.hi, v_set((real)0x1.71547652b82fep0))); /* 1 / ln 2 */
  const v exact = v_fnma(n, v_set(exp_ln2[0]), exponent.hi);
  const v low = v_fnma(n, v_set(exp_ln2[1]), exponent.lo);
  const v2 r = v2_sum(exact, low);
  const v2 x = v2_sum(r.hi, v_fma(v_mul(r.hi, r.hi), V_POLY(r.hi, exp_p), r.lo));
  const v2 m = v2_sum(v_set(1), x.hi);
  return (v_exponential){{m.hi, v_add(m.lo, x.lo)}, n};
}

/* exp(-phase) */
static inline v_exponential v_exp_minus(v2 phase) {
  return v_exp((v2){v_sub(v_set(0), phase.hi), v_sub(v_set(0), phase.lo)});
}

/* m * 2^n, not yet rounded to a subnormal number */
typedef struct {
  v m, n;
} v_scaled;

/* m * 2^n, rounded once */
static inline v v_value(v_scaled y) { return v_scale(y.m, v_max(y.n, v_set(UNDERFLOWS))); }

/* m * 2^n if that is a normal number: faster */
static inline v v_normal_value(v_scaled y) { return v_mul(y.m, v_exp2i(y.n)); }

/* m * 2^n for a sum with 1: wrong only if that is negligible beside 1 */
static inline v v_beside_one(v m, v n) {
  return v_mul(m, v_exp2i(v_max(n, v_set(SHOWS_BESIDE_ONE))));
}

/* factor * exp(-phase) */
static inline v_scaled v_times_exp_minus(v2 factor, v2 phase) {
  const v_exponential e = v_exp_minus(phase);
  return (v_scaled){v2_collapse(v2_mul(factor, e.m)), e.n};
}

/* factor * e * (1 + correction), for a correction that is small beside 1 */
static inline v_scaled v_times_corrected(v2 factor, v_exponential e, v correction) {
  const v2 corrected = {factor.hi, v_fma(factor.hi, correction, factor.lo)};
  return (v_scaled){v2_collapse(v2_mul(corrected, e.m)), e.n};
}

/* factor * e / (1 + e)^power, for a small e = exp(-phase), as factor * e * (1 - power * e) */
static inline v_scaled v_times_logistic(v2 factor, v_exponential e, real power) {
  return v_times_corrected(factor, e, v_mul(v_set(-power), v_beside_one(e.m.hi, e.n)));
}

/* x as number * 2^moved, the number in the range of v_scale */
typedef struct {
  v number, moved;
} v_near;

static inline v_near v_near_one(v x) {
  const v size = v_abs(x), one = v_set(1), up = v_set(MOVE), down = v_set(-MOVE);
  const v_mask small = v_lt(size, v_exp2i(v_set(-FAR))), large = v_lt(v_exp2i(v_set(FAR)), size);
  const v nearer = v_select(small, v_exp2i(up), v_select(large, v_exp2i(down), one));
  return (v_near){v_mul(x, nearer), v_select(small, down, v_select(large, up, v_set(0)))};
}

/* y * 2^moved */
static inline v v_moved_value(v_scaled y, v moved) {
  return v_scale(y.m, v_max(v_add(y.n, moved), v_set(UNDERFLOWS_MOVED)));
}

/* factor * y for any factor. The factor is brought near 1 first, because a product that is
 * subnormal on the way would be rounded twice, and takes many processors ten times as long. */
static inline v v_times_scaled(v factor, v_scaled y) {
  const v_near near = v_near_one(factor);
  const v product = v_moved_value((v_scaled){v_mul(near.number, y.m), y.n}, near.moved);
  return v_select(v_lt(v_abs(factor), v_set((real)INFINITY)), product, v_mul(factor, y.m));
}

/* Which lanes are beyond the pieces; on the right only if the function saturates beyond them */
static inline v_mask v_beyond(v x, real limit, real saturates) {
  return limit < saturates ? v_lt(v_set(limit), v_abs(x)) : v_lt(x, v_set(-limit));
}

/* Which lanes are beyond pieces that cover [lo, limit] */
static inline v_mask v_outside(v x, real lo, real limit) {
  return v_or(v_lt(x, v_set(lo)), v_lt(v_set(limit), x));
}

/* -y */
static inline v_scaled v_opposite(v_scaled y) { return (v_scaled){v_sub(v_set(0), y.m), y.n}; }

/* `left` for x <= 0, x + left for x > 0; a zero gets the sign of x */
static inline v v_left_or_beside(v x, v_scaled left) {
  return v_copysign(v_add(v_max(x, v_set(0)), v_value(left)), x);
}

/* factor * y for y = f(x) and left = f(-|x|) in a tail. If y is subnormal, it has lost digits that
 * a large factor would show, so the factor multiplies `left` before it is rounded. At -inf, f is
 * exactly y. */
static inline v v_times_tail(v factor, v x, v y, v_scaled left) {
  const v exact = v_times_scaled(factor, left), product = v_mul(y, factor);
  const v chosen = v_select(v_lt(v_abs(y), v_set(REAL_MIN)), exact, product);
  return v_select(v_lt(v_set(REAL_MAX), v_abs(x)), product, chosen);
}

/* `left` for x <= 0, 1 - left for x > 0 */
static inline v v_left_or_rest(v x, v left) {
  return v_select(v_lt(v_set(0), x), v_sub(v_set(1), left), left);
}

#endif
