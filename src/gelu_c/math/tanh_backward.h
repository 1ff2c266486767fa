/* tanh_backward(dy, x) = dy * tanh_grad(x).
 *
 * As tanh_grad.h; the tails: parts/backward.h. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4999 ULP at 0x1.f4p+1, 0x1.7ep-3 (avx512):
 *       got 0x1.e4p+1, want 0x1.e3000a9e972f2p+1
 *   f16 0.5000 ULP at -0x1.ddp-2, -0x1.cb8p-6 (avx512):
 *       got -0x1.dccp-2, want -0x1.dca000888d16ep-2
 *   f32 1.7359 ULP at -0x1.c0c3b8p-49, -0x1.aae43ep+0 (avx512):
 *       got -0x1.dcd474p-52, want -0x1.dcd47778c4f5p-52
 *   f64 2.1962 ULP at -0x1.e2b0f3c8bb2ffp+7, -0x1.e6c650116f29cp+2 (avx512):
 *       got -0x1.f5268995bb00dp-13, want -0x1.f5268995bb00bp-13
 */
#ifndef GF_MATH_TANH_BACKWARD_H
#define GF_MATH_TANH_BACKWARD_H

#include "parts/backward.h"
#include "tanh_grad.h"

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
