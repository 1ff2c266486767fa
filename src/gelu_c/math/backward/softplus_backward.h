/* softplus_backward(dy, x) = dy * softplus_grad(x).
 *
 * Method: as in sigmoid.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-133, 0x1.4p-129 (avx512):
 *       got -0x1p-133, want -0x1p-134
 *   f16 0.5000 ULP at -0x1.ff8p-15, -0x0p+0 (avx512):
 *       got -0x1p-15, want -0x1.ff8p-16
 *   f32 2.4973 ULP at 0x1.ffab6p+1, 0x1.52b404p-10 (avx2):
 *       got 0x1.000002p+1, want 0x1.ffffff016244ap+0
 *   f64 2.7612 ULP at 0x1.c674b3e2a376ep+10, -0x1.b3e9d5d2c67e2p+2 (avx512):
 *       got 0x1.0000000000001p+1, want 0x1.fffffffffffffp+0
 */
#ifndef GF_MATH_SOFTPLUS_BACKWARD_H
#define GF_MATH_SOFTPLUS_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/sigmoid.h"

static inline v v_softplus_backward(v dy, v x) {
  return v_mul_in_order(dy, v_sigmoid(v_showing(x)));
}

static inline v v_softplus_backward_tail(v dy, v x) {
  const v a = v_min(v_set(EXP_GRAD_MAX), v_abs(x));
  const v_exponential e = v_exp_minus(v2_of(a));
  return v_backward(dy, x, v_times_logistic(v2_of(v_set(1)), e, 1));
}

#define softplus_backward_HAS_TAIL 1
static inline v_mask v_softplus_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_sigmoid_in_tail(x);
}

#endif
