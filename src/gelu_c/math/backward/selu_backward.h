/* selu_backward(dy, x) = dy * selu_grad(x).
 *
 * Method: as in selu_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.dcp-56, -0x1.bap+5 (avx512):
 *       got -0x0p+0, want -0x1.fff9f1c9595e8p-135
 *   f16 0.5000 ULP at -0x1.aap-4, -0x1.1ccp+1 (avx512):
 *       got -0x1.43cp-6, want -0x1.43dffffad6dabp-6
 *   f32 2.0966 ULP at 0x1.9b4b3ep+8, -0x1.78fc38p+2 (avx2):
 *       got 0x1.000002p+1, want 0x1.ffffffce8ac92p+0
 *   f64 2.0101 ULP at 0x1.f8389b4426ce7p+11, -0x1.481872212bc81p+3 (avx512):
 *       got 0x1.0000000000001p-2, want 0x1p-2
 */
#ifndef GF_MATH_SELU_BACKWARD_H
#define GF_MATH_SELU_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/selu_grad.h"

static inline v v_selu_backward(v dy, v x) { return v_mul_in_order(dy, v_selu_grad(x)); }

static inline v v_selu_backward_tail(v dy, v x) { return v_backward(dy, x, v_selu_grad_left(x)); }

#define selu_backward_HAS_TAIL 1
static inline v_mask v_selu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_selu_grad_in_tail(x);
}

#endif
