/* hardswish(x) = x * hardsigmoid(x) = x * min(max(x / 6 + 1/2, 0), 1).
 *
 * Saturation: it is -0.0 from -3 down, and x from 3 up.
 * Method: x * hi + x * rest / 6, where 6 * hi + rest = x + 3, so only the last sum and x * rest / 6
 * are rounded. If the rounding of x * rest / 6 leaves the sum in doubt, the result is very close to
 * halfway between two numbers, and the rounding is decided exactly; also if the result is tiny or
 * subnormal. In the 16-bit types no result is so close to halfway.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1p-133 (avx512):
 *       got 0x1p-133, want 0x1p-134
 *   f16 0.5000 ULP at 0x1.8p-9 (avx512):
 *       got 0x1.808p-10, want 0x1.806p-10
 *   f32 0.5000 ULP at 0x1.f6p-142 (avx512):
 *       got 0x1.f8p-143, want 0x1.f6p-143
 *   f64 0.5000 ULP at -0x1.7ffffffffffeep+1 (avx512):
 *       got -0x1.1fffffffffff2p-48, want -0x1.1fffffffffff2p-48
 */
#ifndef GF_MATH_HARDSWISH_H
#define GF_MATH_HARDSWISH_H

#include "math/parts/ranges.h"
#include "math/parts/showing.h"
#include "math/parts/sixth.h"

#if ENDS_AS_HALF

static inline v v_hardswish(v x) {
  return v_mul(v_max(v_set(-3), x), v_rounded_sixth_of_3_and(v_clip(v_showing_sixth(x), -3, 3)));
}

#else

/* Two results; the exact one lies between them. */
typedef struct {
  v least, most;
} v_bounds;

/* x * y.hi + x * y.rest / 6, rounded, for the smallest and the largest value that the last product
 * may have */
static inline v_bounds v_hardswish_bounds(v x, v_sixth y) {
  const v share = v_mul(x, y.rest);
  const real doubt = 8 * REAL_EPSILON;
  return (v_bounds){v_fma(x, y.hi, v_mul(share, v_set(SIXTH[0] - SIXTH[0] * doubt))),
                    v_fma(x, y.hi, v_mul(share, v_set(SIXTH[0] + SIXTH[0] * doubt)))};
}

/* The nearer of two neighbours. The distance from `least` minus the distance from `most`, times 3,
 * is a sum of exact terms, each of which cancels the one before; its sign decides. It is not 0: if
 * the result is exactly halfway, rest is 0 and there is no doubt. */
static inline v v_hardswish_nearer(v x) {
  const v_sixth y = v_sixth_of_3_and(x);
  const v_bounds bounds = v_hardswish_bounds(x, y);
  const v least = v_min(bounds.least, bounds.most), most = v_max(bounds.least, bounds.most);
  const v from_least = v_fma(x, y.hi, v_sub(v_set(0), least));
  const v further = v_sub(v_add(from_least, from_least), v_sub(most, least)); /* for rest = 0 */
  const v2 share = v2_product(x, y.rest);
  const v almost = v_add(v_add(share.hi, v_add(further, further)), further);
  return v_select(v_lt(v_add(almost, share.lo), v_set(0)), least, most);
}

/* x / 2 + x^2 / 6 as a subnormal number. x^2 / 6 only decides a tie, upwards. */
static inline v v_hardswish_subnormal(v x) {
  const v inwards = v_mul(x, v_set(0.5f - REAL_EPSILON / 4));
  return v_max(v_sub(x, inwards), inwards);
}

/* The correctly rounded result for abs(x) < 3. Multiplications of tiny numbers may be slow. */
static inline v v_hardswish_exactly(v x) {
  const v_mask tiny = v_lt(v_abs(x), v_set(2 * REAL_MIN));
  return v_select(tiny, v_hardswish_subnormal(x), v_hardswish_nearer(v_select(tiny, v_set(1), x)));
}

static inline v v_hardswish(v x) {
  const v factor = v_max(v_set(-3), x), inside = v_min(v_set(3), factor);
  /* 1/2 + inside / 6 = hi + rest / 6; hi - 1/2 is exact, and rest too */
  const v sixth = v_mul(inside, v_set(SIXTH[0])), hi = v_add(sixth, v_set(0.5f));
  const v rest = v_fnma(v_set(6), v_sub(hi, v_set(0.5f)), inside);
  const v low = v_mul(sixth, rest);
  const real doubt = 8 * REAL_EPSILON;
  const v result = v_fma(factor, hi, v_mul(low, v_set(1 - doubt)));
  /* `least` has an effect on tiny numbers only, the subnormal ones among them. */
  const v least = v_set(64 * REAL_MIN);
  const v other = v_fma(v_add(factor, least), hi, v_mul(low, v_set(1 + doubt)));
  if (v_differ(result, other)) /* rare */
    return v_select(v_lt(v_abs(x), v_set(3)), v_hardswish_exactly(inside), result);
  return result;
}

#endif

#define hardswish_HAS_TAIL 0

#endif
