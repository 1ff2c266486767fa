/* mish_backward(dy, x) = dy * mish_grad(x).
 *
 * Method: as in mish_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.4cp+125, -0x1.72p+7 (avx512):
 *       got 0x1p-133, want 0x1.0000dae51cad6p-134
 *   f16 0.5000 ULP at -0x1.e64p+9, 0x1.404p-2 (avx512):
 *       got -0x1.804p+9, want -0x1.8020000421ccp+9
 *   f32 2.2201 ULP at -0x1.f60c9p+125, -0x1.74e8eep+6 (avx512):
 *       got 0x1.000002p-2, want 0x1.ffffff8f4dbc9p-3
 *   f64 2.2702 ULP at 0x1.f79edf728e703p+1, -0x1.f9b842c356d47p-1 (avx512):
 *       got 0x1.0000000000001p-2, want 0x1p-2
 */
#ifndef GF_MATH_MISH_BACKWARD_H
#define GF_MATH_MISH_BACKWARD_H

#include "math/mish_grad.h"
#include "math/parts/scaled_gradient.h"

static inline v v_mish_backward(v dy, v x) { return v_mul_in_order(dy, v_mish_grad(x)); }

static inline v v_mish_backward_tail(v dy, v x) { return v_backward(dy, x, v_mish_grad_left(x)); }

#define mish_backward_HAS_TAIL 1
static inline v_mask v_mish_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_mish_grad_in_tail(x);
}

#endif
