/* softplus(x) = log(1 + exp(x)).
 *
 * Reduction: softplus(x) = max(x, 0) + g(a), where a = |x| and g(a) = log(1 + exp(-a)).
 * Saturation: it is x from 14.56 (float32), 33.28 (float64) up, and 0 below -103.97, -745.13.
 * Method: pieces for g as two words, because x and g may be of similar size
 * (math/parts/piecewise.h); beyond their limit, g(a) = e * (1 - e / 2) with e = exp(-a)
 * (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.f4p-7 (avx512):
 *       got 0x1.6p-1, want 0x1.5f00007d36bfbp-1
 *   f16 0.5000 ULP at -0x1.0cp-14 (avx512):
 *       got 0x1.62cp-1, want 0x1.62dffff405defp-1
 *   f32 0.7978 ULP at -0x1.5eba96p+6 (avx512):
 *       got 0x1.6a5dep-127, want 0x1.6a5ddccf1759cp-127
 *   f64 1.5098 ULP at -0x1.37255bebe0b19p+2 (avx512):
 *       got 0x1.f924d3d9389bap-8, want 0x1.f924d3d9389bcp-8
 */
#ifndef GF_MATH_SOFTPLUS_H
#define GF_MATH_SOFTPLUS_H

#include PIECES_OF(softplus)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

static inline v v_softplus_tail(v x) {
  const v a = v_min(v_set(SIGMOID_MAX), v_abs(x));
  const v_exponential e = v_exp_minus(v2_of(a));
  const v rest = v_value(v_times_logistic(v2_of(v_set(1)), e, (real)0.5));
  return v_add(v_max(x, v_set(0)), rest);
}

static inline v v_softplus(v x) {
  return v_plus(v_max(x, v_set(0)), v_pieces(&softplus_pieces, v_abs(x)));
}

#define softplus_HAS_TAIL 1
#define softplus_NEAR_ZERO CONSTANT
static inline v_mask v_softplus_in_tail(v x) {
  return v_beyond(x, softplus_pieces.limit, SOFTPLUS_SATURATES);
}

#endif
