/* softplus_grad(x) = 1 / (1 + exp(-x)), the derivative of softplus. It is sigmoid (sigmoid.h),
 * except that float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-8 (avx512):
 *       got 0x1p-1, want 0x1.ff00001555533p-2
 *   f16 0.5000 ULP at -0x1p-11 (avx512):
 *       got 0x1p-1, want 0x1.ffe000000aaabp-2
 *   f32 0.7931 ULP at -0x1.5e8856p+6 (avx512):
 *       got 0x1.7c97ap-127, want 0x1.7c97a32c1e2dep-127
 *   f64 1.6672 ULP at -0x1.be1507de13397p+2 (avx512):
 *       got 0x1.ec2b736b051d9p-11, want 0x1.ec2b736b051dbp-11
 */
#ifndef GF_MATH_SOFTPLUS_GRAD_H
#define GF_MATH_SOFTPLUS_GRAD_H

#include "math/sigmoid.h"

static inline v v_softplus_grad(v x) { return v_sigmoid(x); }

static inline v v_softplus_grad_tail(v x) { return v_sigmoid_tail(x); }

#define softplus_grad_HAS_TAIL 1
static inline v_mask v_softplus_grad_in_tail(v x) { return v_sigmoid_in_tail(x); }

#endif
