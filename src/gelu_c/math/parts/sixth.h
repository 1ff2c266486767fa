/* (3 + y) / 6: hardsigmoid and its relatives are of this form between their kinks. */
#ifndef GF_SIXTH_H
#define GF_SIXTH_H

#include "math/parts/two_words.h"

/* x limited to [lo, hi]; NaN for NaN */
static inline v v_clip(v x, real lo, real hi) { return v_min(v_set(hi), v_max(v_set(lo), x)); }

/* The exact number hi + rest / 6; hi is within an ULP of it. */
typedef struct {
  v hi, rest;
} v_sixth;

#ifdef REAL_IS_FLOAT
static const real SIXTH[2] = {0x1.555556p-3f, -0x1.555556p-28f};
#else
static const real SIXTH[2] = {0x1.5555555555555p-3, 0x1.5555555555555p-57};
#endif

/* (3 + y) / 6, abs(y) <= 6 */
static inline v_sixth v_sixth_of_3_and(v y) {
  const v2 sum = v2_sum(v_set(3), y);
  const v hi = v_mul(sum.hi, v_set(SIXTH[0]));
  return (v_sixth){hi, v_add(v_fnma(v_set(6), hi, sum.hi), sum.lo)};
}

/* rest / 6, rounded as a division rounds */
static inline v v_low_word(v_sixth y) {
  return v_fma(y.rest, v_set(SIXTH[0]), v_mul(y.rest, v_set(SIXTH[1])));
}

/* (3 + y) / 6, correctly rounded: the low word is half an ULP of hi only if the exact one is. For a
 * 16-bit type, one word is enough. */
static inline v v_rounded_sixth_of_3_and(v y) {
#if ENDS_AS_HALF
  return v_mul(v_add(v_set(3), y), v_set(SIXTH[0]));
#else
  const v_sixth sixth = v_sixth_of_3_and(y);
  return v_add(sixth.hi, v_low_word(sixth));
#endif
}

#endif
