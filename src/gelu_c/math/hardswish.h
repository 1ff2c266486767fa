/* hardswish(x) = x * hardsigmoid(x) = x * min(max(x / 6 + 1/2, 0), 1).
 *
 * Saturation: -0.0 from -3 down, x from 3 up.
 * Method: x * hi + x * lo, rounded once, where hi + lo is a sixth of x + 3 (parts/sixth.h). What x * lo
 * lacks matters where the result is all but halfway between two numbers: there, and where it may be
 * subnormal, the tail decides exactly. In 16 bits no result is so near to halfway.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 */
#ifndef GF_MATH_HARDSWISH_H
#define GF_MATH_HARDSWISH_H

#include "parts/ranges.h"
#include "parts/showing.h"
#include "parts/sixth.h"

/* factor * sixth.hi + correction is the result */
typedef struct {
  v factor, correction;
  v_sixth sixth;
} v_hardswish_parts;

static inline v_hardswish_parts v_hardswish_of(v x) {
  const v factor = v_max(v_set(-3), x);
  const v_sixth sixth = v_sixth_of_3_and(v_clip(v_showing(x), -3, 3));
  const v correction = v_mul(v_min(v_set(3), factor), v_low_word(sixth));
  return (v_hardswish_parts){factor, correction, sixth};
}

#if ENDS_AS_HALF
static inline v v_hardswish(v x) {
  const v_hardswish_parts y = v_hardswish_of(x);
  return v_fma(y.factor, y.sixth.hi, y.correction);
}
#else
/* The numbers that the result may be: one, as a rule */
typedef struct {
  v least, most;
} v_bounds;

static inline v_bounds v_hardswish_bounds(v x) {
  const v_hardswish_parts y = v_hardswish_of(x);
  /* where the result may be subnormal, more than its ULP; but nothing where it is 0 */
  const v tiny = v_min(v_min(v_set(REAL_MIN), y.sixth.hi), v_abs(x));
  const v doubt = v_fma(v_abs(y.correction), v_set(8 * REAL_EPSILON), tiny);
  return (v_bounds){v_fma(y.factor, y.sixth.hi, v_sub(y.correction, doubt)),
                    v_fma(y.factor, y.sixth.hi, v_add(y.correction, doubt))};
}

static inline v v_hardswish(v x) { return v_hardswish_bounds(x).least; }

#define hardswish_HAS_TAIL 1
static inline v_mask v_hardswish_in_tail(v x) {
  const v_bounds y = v_hardswish_bounds(x);
  return v_lt(y.least, y.most);
}

/* x / 2 + x^2 / 6, of whose square all that counts is that it tips a tie upwards: there are ties where
 * the result is subnormal. */
static inline v v_hardswish_tiny(v x) {
  const v_mask ties = v_lt(v_abs(x), v_set(2 * REAL_MIN));
  const v half = v_select(ties, v_set(0.5f - REAL_EPSILON / 4), v_set(0.5f));
  const v inwards = v_mul(x, half);
  return v_max(v_sub(x, inwards), inwards);
}

/* The nearer of the two: by the sign of three times how much further the result is from `least` than
 * from `most`, a sum of exact terms of which each cancels the one before. It is not 0, for where the
 * result is halfway there is no correction, and no doubt. */
static inline v v_hardswish_tail(v x) {
  const v_hardswish_parts y = v_hardswish_of(x);
  const v_bounds bounds = v_hardswish_bounds(x);
  const v from_least = v_fma(y.factor, y.sixth.hi, v_sub(v_set(0), bounds.least));
  const v ulp = v_sub(bounds.most, bounds.least);
  const v further = v_sub(v_add(from_least, from_least), ulp); /* as if rest were 0 */
  const v2 by_rest = v2_product(y.factor, y.sixth.rest);
  const v almost = v_add(v_add(by_rest.hi, v_add(further, further)), further);
  const v_mask nearer_least = v_lt(v_add(almost, by_rest.lo), v_set(0));
  const v nearer = v_select(nearer_least, bounds.least, bounds.most);
  return v_select(v_lt(v_abs(x), v_set(0x1p-60f)), v_hardswish_tiny(x), nearer);
}
#endif

#endif
