/* sigmoid(x) = 1 / (1 + exp(-x)), the logistic function.
 *
 * Reduction: with a = |x|, e = exp(-a) and s(a) = e / (1 + e), the result is s(a) for x <= 0 and
 * 1 - s(a) for x > 0.
 * Saturation: it is 1 from 17.33 (float32), 37.43 (float64) up, and 0 below -103.97, -745.13.
 * Method: pieces for s (math/parts/piecewise.h); beyond their limit on both sides,
 * s(a) = e * (1 - e) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at -0x1p-11 (avx512):
 *       got 0x1p-1, want 0x1.ffe000000aaabp-2
 *   f32 0.7978 ULP at -0x1.5eba96p+6 (avx512):
 *       got 0x1.6a5dep-127, want 0x1.6a5ddccf1759cp-127
 *   f64 1.5617 ULP at -0x1.0aa24b97e0907p+4 (avx512):
 *       got 0x1.f151f6cb14f73p-25, want 0x1.f151f6cb14f71p-25
 *   bf16 0.5000 ULP at -0x1p-8 (avx512):
 *       got 0x1p-1, want 0x1.ff00001555533p-2
 */
#ifndef GF_MATH_SIGMOID_H
#define GF_MATH_SIGMOID_H

#include PIECES_OF(sigmoid)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

/* sigmoid(-a) */
static inline v_scaled v_sigmoid_left(v x) {
  const v a = v_min(v_set(SIGMOID_GRAD_MAX), v_abs(x));
  return v_times_logistic(v2_of(v_set(1)), v_exp_minus(v2_of(a)), 1);
}

static inline v v_sigmoid_tail(v x) { return v_left_or_rest(x, v_value(v_sigmoid_left(x))); }

static inline v v_sigmoid(v x) {
  return v_reflect_right(x, v_set(1), v_pieces(&sigmoid_pieces, v_abs(x)));
}

#define sigmoid_HAS_TAIL 1
#define sigmoid_NEAR_ZERO CONSTANT
static inline v_mask v_sigmoid_in_tail(v x) { return v_lt(v_set(sigmoid_pieces.limit), v_abs(x)); }

#endif
