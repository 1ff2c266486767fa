/* elu_backward(dy, x) = dy * elu_grad(x).
 *
 * Method: as in elu_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.a8p+0, -0x1.76p-4 (avx512):
 *       got -0x1.84p+0, want -0x1.83000445b933ep+0
 *   f16 0.5000 ULP at -0x1.368p+5, -0x1.3dcp+2 (avx512):
 *       got -0x1.158p-2, want -0x1.1560009e68e25p-2
 *   f32 2.0299 ULP at 0x1.699ebap+13, -0x1.d1b88ap+2 (avx2):
 *       got 0x1.000002p+3, want 0x1.fffffff0b0998p+2
 *   f64 1.4984 ULP at -0x1.ffa236a12cbdbp+754, -0x1.f30df4d9473d7p+4 (avx512):
 *       got -0x1.ffffffffffffcp+709, want -0x1.ffffffffffffbp+709
 */
#ifndef GF_MATH_ELU_BACKWARD_H
#define GF_MATH_ELU_BACKWARD_H

#include "math/elu_grad.h"
#include "math/parts/scaled_gradient.h"

static inline v v_elu_backward(v dy, v x) { return v_mul_in_order(dy, v_elu_grad(x)); }

static inline v v_elu_backward_tail(v dy, v x) { return v_backward(dy, x, v_elu_grad_left(x)); }

#define elu_backward_HAS_TAIL 1
static inline v_mask v_elu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_elu_grad_in_tail(x);
}

#endif
