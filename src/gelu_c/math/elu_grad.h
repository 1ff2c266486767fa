/* elu_grad(x) = 1 for x > 0, exp(x) otherwise: the derivative of elu, and at 0 its derivative from
 * the left.
 *
 * Saturation: it is 0 below -103.97 (float32), -745.13 (float64).
 * Method: exp(min(x, 0)) as two words (math/parts/tail.h), which takes no longer than pieces. The
 * tail is where the result may be subnormal. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.ccp-3 (avx512):
 *       got 0x1.9ap-1, want 0x1.99000284fe88cp-1
 *   f16 0.4999 ULP at -0x1.55p-5 (avx512):
 *       got 0x1.ebp-1, want 0x1.eb1fff0dbd3cbp-1
 *   f32 0.7978 ULP at -0x1.5eba96p+6 (avx512):
 *       got 0x1.6a5dep-127, want 0x1.6a5ddccf1759cp-127
 *   f64 0.7852 ULP at -0x1.6263e14b2aaa1p+9 (avx512):
 *       got 0x0.ae6358132073ep-1022, want 0x0.ae6358132073fp-1022
 */
#ifndef GF_MATH_ELU_GRAD_H
#define GF_MATH_ELU_GRAD_H

#include "math/parts/tail.h"

/* exp(min(x, 0)) */
static inline v_exponential v_exp_left(v x) {
  return v_exp(v2_of(v_max(v_set(-EXP_GRAD_MAX), v_min(v_set(0), x))));
}

static inline v_scaled v_elu_grad_left(v x) {
  const v_exponential e = v_exp_left(x);
  return (v_scaled){v2_collapse(e.m), e.n};
}

static inline v v_elu_grad_tail(v x) { return v_value(v_elu_grad_left(x)); }

static inline v v_elu_grad(v x) { return v_normal_value(v_elu_grad_left(x)); }

#define elu_grad_HAS_TAIL 1
#define elu_grad_NEAR_ZERO CONSTANT
static inline v_mask v_elu_grad_in_tail(v x) { return v_lt(x, v_set(EXP_TAIL)); }

#endif
