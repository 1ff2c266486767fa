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
 *   f32 1.9838 ULP at 0x1.fde838p+2, 0x1.0e6d1ep-8 (avx512):
 *       got 0x1.fef58ep+1, want 0x1.fef58a084d3c4p+1
 *   f64 1.9954 ULP at 0x1.fec570777679ap+2, 0x1.f0f7da7ec26f1p-19 (avx512):
 *       got 0x1.fec5ae70475fp+1, want 0x1.fec5ae70475f2p+1
 */
#ifndef GF_MATH_SOFTPLUS_BACKWARD_H
#define GF_MATH_SOFTPLUS_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/sigmoid.h"

static inline v v_softplus_backward(v dy, v x) { return v_mul(dy, v_sigmoid(v_showing(x))); }

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
