/* tanh_backward(dy, x) = dy * tanh_grad(x).
 *
 * Method: as in tanh_grad.h; math/parts/scaled_gradient.h computes the tails. float16 and bfloat16
 * are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1.a8p-4, 0x1.7p+5 (avx512):
 *       got -0x0p+0, want -0x1.fffde1ebd9fc8p-135
 *   f16 0.5000 ULP at -0x1.ddp-2, -0x1.cb8p-6 (avx512):
 *       got -0x1.dccp-2, want -0x1.dca000888d16ep-2
 *   f32 2.3583 ULP at 0x1.ef58a8p+4, -0x1.aeae36p+0 (avx512):
 *       got 0x1.000002p+2, want 0x1.ffffff4892037p+1
 *   f64 2.7732 ULP at 0x1.f5e5ae9e5c934p+19, 0x1.e7567e1671069p+2 (avx512):
 *       got 0x1.0000000000001p+0, want 0x1.fffffffffffffp-1
 */
#ifndef GF_MATH_TANH_BACKWARD_H
#define GF_MATH_TANH_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/tanh_grad.h"

static inline v v_tanh_backward(v dy, v x) { return v_mul_in_order(dy, v_tanh_grad(x)); }

static inline v v_tanh_backward_tail(v dy, v x) {
  return v_backward_even(dy, x, v_tanh_grad_far(x));
}

#define tanh_backward_HAS_TAIL 1
static inline v_mask v_tanh_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_tanh_grad_in_tail(x);
}

#endif
