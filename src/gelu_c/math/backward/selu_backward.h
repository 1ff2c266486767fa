/* selu_backward(dy, x) = dy * selu_grad(x).
 *
 * Method: as in selu_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4997 ULP at 0x1.8p+1, -0x1.68p-2 (avx512):
 *       got 0x1.dap+1, want 0x1.daffd2fd58638p+1
 *   f16 0.5000 ULP at -0x1.aap-4, -0x1.1ccp+1 (avx512):
 *       got -0x1.43cp-6, want -0x1.43dffffad6dabp-6
 *   f32 1.4620 ULP at 0x1.b33fecp+6, -0x1.95d7bcp+4 (avx512):
 *       got 0x1.fae25p-30, want 0x1.fae24d1375a3fp-30
 *   f64 1.4747 ULP at -0x1.f799387ef6102p-6, -0x1.f92b4e32822bbp+8 (avx512):
 *       got -0x1.fabd7479fe99fp-734, want -0x1.fabd7479fe9ap-734
 */
#ifndef GF_MATH_SELU_BACKWARD_H
#define GF_MATH_SELU_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/selu_grad.h"

static inline v v_selu_backward(v dy, v x) { return v_mul(dy, v_selu_grad(x)); }

static inline v v_selu_backward_tail(v dy, v x) { return v_backward(dy, x, v_selu_grad_left(x)); }

#define selu_backward_HAS_TAIL 1
static inline v_mask v_selu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_selu_grad_in_tail(x);
}

#endif
