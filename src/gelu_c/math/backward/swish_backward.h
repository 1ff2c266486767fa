/* swish_backward(dy, x, beta) = dy * swish_grad(x, beta).
 *
 * Method: as in swish_grad.h, with the low word of the gradient in the product;
 * math/parts/scaled_gradient.h computes the left tail.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-133, 0x1.fep-17, 0x1.02p+0 (avx2):
 *       got -0x0p+0, want -0x1.000100fdffffdp-134
 *   f16 0.5001 ULP at 0x1.f98p-12, -0x1.11p+12, -0x1.76cp-10 (avx2):
 *       got 0x1.fe8p-12, want 0x1.fea000ffc2201p-12
 *   f32 2.7824 ULP at -0x1.f9ac56p-120, 0x1.538b08p-89, -0x1.05882cp+89 (avx512):
 *       got 0x1.000002p-125, want 0x1.fffffe6f64119p-126
 *   f64 3.0917 ULP at 0x1.fde0ad7e6f16ep-1015, -0x1.4f7dd8ad52144p+10, 0x1.00f4208843e52p-10 (avx2):
 *       got -0x1.0000000000001p-1021, want -0x1.fffffffffffffp-1022
 */
#ifndef GF_MATH_SWISH_BACKWARD_H
#define GF_MATH_SWISH_BACKWARD_H

#include "math/parts/scaled_gradient.h"
#include "math/swish_grad.h"

static inline v v_swish_backward(v dy, v x, v beta) {
  const v2 gradient = v2_swish_grad(x, beta);
  const v finite = v_max(v_set(-REAL_MAX), v_min(v_set(REAL_MAX), dy)); /* inf - inf is NaN */
  return v_fma(dy, gradient.hi, v_mul(finite, gradient.lo));
}

static inline v v_swish_backward_tail(v dy, v x, v beta) {
  const v z = v_mul(beta, x);
  return v_select(v_is_near_silu_grad_zero(v_abs(z)),
                  v_mul_in_order(dy, v_swish_grad_tail(x, beta)),
                  v_backward(dy, z, v_swish_grad_left(x, beta)));
}

#define swish_backward_HAS_TAIL 1
static inline v_mask v_swish_backward_in_tail(v dy, v x, v beta) {
  (void)dy;
  return v_swish_grad_in_tail(x, beta);
}

#endif
