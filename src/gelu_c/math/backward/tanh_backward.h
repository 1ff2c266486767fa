/* tanh_backward(dy, x) = dy * tanh_grad(x).
 *
 * Method: as in tanh_grad.h; math/parts/scaled_gradient.h computes the tails. float16 and bfloat16
 * are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4999 ULP at 0x1.f4p+1, 0x1.7ep-3 (avx512):
 *       got 0x1.e4p+1, want 0x1.e3000a9e972f2p+1
 *   f16 0.5000 ULP at -0x1.ddp-2, -0x1.cb8p-6 (avx512):
 *       got -0x1.dccp-2, want -0x1.dca000888d16ep-2
 *   f32 1.7647 ULP at 0x1.c971acp+0, 0x1.aaeffp+0 (avx512):
 *       got 0x1.e5e404p-3, want 0x1.e5e4078783a4bp-3
 *   f64 2.3366 ULP at -0x1.e166f223a2d44p-4, -0x1.e6c650116d883p+2 (avx512):
 *       got -0x1.f3cfe926c28b1p-24, want -0x1.f3cfe926c28b3p-24
 */
#ifndef GF_MATH_TANH_BACKWARD_H
#define GF_MATH_TANH_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/tanh_grad.h"

static inline v v_tanh_backward(v dy, v x) { return v_mul(dy, v_tanh_grad(x)); }

static inline v v_tanh_backward_tail(v dy, v x) {
  return v_backward_even(dy, x, v_tanh_grad_far(x));
}

#define tanh_backward_HAS_TAIL 1
static inline v_mask v_tanh_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_tanh_grad_in_tail(x);
}

#endif
