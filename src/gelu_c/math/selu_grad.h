/* selu_grad(x) = scale for x > 0, scale * alpha * exp(x) otherwise: the derivative of selu
 * (selu.h), and at 0 its derivative from the left.
 *
 * Saturation: it is 0 below -104.54 (float32), -745.70 (float64).
 * Method: as in elu_grad.h, with constants as two words.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4999 ULP at -0x1.6p-3 (avx512):
 *       got 0x1.7ap+0, want 0x1.7afff4b279803p+0
 *   f16 0.5000 ULP at -0x1.50cp+0 (avx512):
 *       got 0x1.e34p-2, want 0x1.e3200022dca4ep-2
 *   f32 0.8159 ULP at -0x1.614fd4p+6 (avx512):
 *       got 0x1.4e006p-127, want 0x1.4e0063436f9a3p-127
 *   f64 0.8102 ULP at -0x1.62b2af12603cbp+9 (avx512):
 *       got 0x0.a5a5bce7588aep-1022, want 0x0.a5a5bce7588adp-1022
 */
#ifndef GF_MATH_SELU_GRAD_H
#define GF_MATH_SELU_GRAD_H

#include "math/elu_grad.h"

static inline v_scaled v_selu_grad_left(v x) {
  const v_exponential e = v_exp_left(x);
  return (v_scaled){v2_collapse(v2_mul(e.m, v2_constant(selu_left))), e.n};
}

static inline v v_selu_grad_tail(v x) { return v_value(v_selu_grad_left(x)); }

static inline v v_selu_grad(v x) {
  return v_select(v_lt(v_set(0), x), v_set(selu_right[0]), v_normal_value(v_selu_grad_left(x)));
}

#define selu_grad_HAS_TAIL 1
static inline v_mask v_selu_grad_in_tail(v x) { return v_elu_grad_in_tail(x); }

#endif
