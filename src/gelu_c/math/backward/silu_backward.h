/* silu_backward(dy, x) = dy * silu_grad(x).
 *
 * Method: as in silu_grad.h; math/parts/scaled_gradient.h computes the left tail. float16 and
 * bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-133, 0x1.4p-129 (avx512):
 *       got -0x1p-133, want -0x1p-134
 *   f16 0.5000 ULP at -0x1.ff8p-15, -0x0p+0 (avx512):
 *       got -0x1p-15, want -0x1.ff8p-16
 *   f32 2.7122 ULP at 0x1.c5e418p-121, -0x1.21a4e2p+0 (avx512):
 *       got 0x1.000002p-125, want 0x1.fffffe9360efp-126
 *   f64 3.2370 ULP at 0x1.8ed8f51bbbe8bp-1, -0x1.7bdb349c716e2p-1 (avx512):
 *       got 0x1.0000000000001p-3, want 0x1.fffffffffffffp-4
 */
#ifndef GF_MATH_SILU_BACKWARD_H
#define GF_MATH_SILU_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/silu_grad.h"

static inline v v_silu_backward(v dy, v x) { return v_mul_in_order(dy, v_silu_grad(v_showing(x))); }

static inline v v_silu_backward_tail(v dy, v x) { return v_backward(dy, x, v_silu_grad_left(x)); }

#define silu_backward_HAS_TAIL 1
static inline v_mask v_silu_backward_in_tail(v dy, v x) {
  (void)dy;
  return v_silu_grad_in_tail(x);
}

#endif
