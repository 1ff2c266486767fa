/* mish(x) = x * tanh(softplus(x)), where softplus(x) = log(1 + exp(x)).
 *
 * Reduction: tanh(softplus(x)) = e * (2 + e) / (2 + e * (2 + e)) with e = exp(x).
 * Saturation: it is x from 8.71 (float32), 18.80 (float64) up, and -0.0 below -108.66, -751.75.
 * Method: this formula, as two words up to the last product (math/parts/mish_terms.h). It needs no
 * coefficients, and takes as long as pieces would, which would have to cover both signs. On the
 * left, where e is negligible beside 1, the result is x * e (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4999 ULP at -0x1.4p-8 (avx512):
 *       got -0x1.7ep-9, want -0x1.7efff03954b0cp-9
 *   f16 0.5000 ULP at -0x1.4p-11 (avx512):
 *       got -0x1.7fcp-12, want -0x1.7fdfffc01caaap-12
 *   f32 0.8283 ULP at -0x1.6f81aap+6 (avx512):
 *       got -0x1.f60bbp-127, want -0x1.f60bacafd466cp-127
 *   f64 0.8000 ULP at -0x1.55224ba0258b7p-1022 (avx512):
 *       got -0x0.ccae2d601686dp-1022, want -0x0.ccae2d601686ep-1022
 */
#ifndef GF_MATH_MISH_H
#define GF_MATH_MISH_H

#include "math/parts/mish_terms.h"

static inline v v_mish_tail(v x) {
  const v a = v_min(v_set(SIGMOID_MAX), v_abs(x));
  return v_value(v_times_exp_minus(v2_of(v_sub(v_set(0), a)), v2_of(a)));
}

static inline v v_mish(v x) {
  const v_mish_terms terms = v_mish_terms_of(v_min(v_set(MISH_SATURATES), x));
  const v2 factor = v2_div(terms.product, terms.d);
  const v low = v_mul(v_min(v_set(REAL_MAX), x), factor.lo); /* inf - inf is NaN */
  return v_copysign(v_fma(x, factor.hi, low), x);            /* -0.0 at -0.0 */
}

#define mish_HAS_TAIL 1
static inline v_mask v_mish_in_tail(v x) { return v_lt(x, v_set(MISH_TAIL)); }

#endif
