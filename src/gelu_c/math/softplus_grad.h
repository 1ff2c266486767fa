/* softplus_grad(x) = 1 / (1 + exp(-x)), the derivative of softplus. It is sigmoid (sigmoid.h),
 * except that float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-8 (avx512):
 *       got 0x1p-1, want 0x1.ff00001555533p-2
 *   f16 0.5000 ULP at -0x1p-11 (avx512):
 *       got 0x1p-1, want 0x1.ffe000000aaabp-2
 *   f32 0.7978 ULP at -0x1.5eba96p+6 (avx512):
 *       got 0x1.6a5dep-127, want 0x1.6a5ddccf1759cp-127
 *   f64 1.5517 ULP at -0x1.0a3291afa62bp+4 (avx512):
 *       got 0x1.ff127dab33252p-25, want 0x1.ff127dab33254p-25
 */
#ifndef GF_MATH_SOFTPLUS_GRAD_H
#define GF_MATH_SOFTPLUS_GRAD_H

#include "math/sigmoid.h"

static inline v v_softplus_grad(v x) { return v_sigmoid(x); }

static inline v v_softplus_grad_tail(v x) { return v_sigmoid_tail(x); }

#define softplus_grad_HAS_TAIL 1
#define softplus_grad_NEAR_ZERO CONSTANT
static inline v_mask v_softplus_grad_in_tail(v x) { return v_sigmoid_in_tail(x); }

#endif
