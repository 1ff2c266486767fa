/* tanh_grad(x) = 1 - tanh(x)^2, the derivative of tanh.
 *
 * Reduction: tanh_grad is even; with a = |x| and e = exp(-2 a) it is 4 * e / (1 + e)^2.
 * Saturation: it is 0 beyond 52.69 (float32), 373.26 (float64).
 * Method: pieces (math/parts/piecewise.h); beyond their limit, 4 * e * (1 - 2 * e)
 * (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4997 ULP at 0x1.e4p+0 (avx512):
 *       got 0x1.64p-4, want 0x1.64ffd5cb1f817p-4
 *   f16 0.5000 ULP at 0x1.b3p-1 (avx512):
 *       got 0x1.0b8p-1, want 0x1.0b9ffffa7ad45p-1
 *   f32 0.8726 ULP at 0x1.0af82ap+2 (avx512):
 *       got 0x1.f31b7cp-11, want 0x1.f31b7a413e897p-11
 *   f64 1.4102 ULP at -0x1.4ccbb2980d71fp+2 (avx512):
 *       got 0x1.fe9c26e3a5b8bp-14, want 0x1.fe9c26e3a5b8ap-14
 */
#ifndef GF_MATH_TANH_GRAD_H
#define GF_MATH_TANH_GRAD_H

#include PIECES_OF(tanh_grad)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

/* tanh_grad(a) */
static inline v_scaled v_tanh_grad_far(v x) {
  const v a = v_min(v_set(SIGMOID_GRAD_MAX), v_abs(x));
  return v_times_logistic(v2_of(v_set(4)), v_exp_minus(v2_of(v_add(a, a))), 2);
}

static inline v v_tanh_grad_tail(v x) { return v_value(v_tanh_grad_far(x)); }

static inline v v_tanh_grad(v x) { return v_collapse(v_pieces(&tanh_grad_pieces, v_abs(x))); }

#define tanh_grad_HAS_TAIL 1
#define tanh_grad_NEAR_ZERO CONSTANT
static inline v_mask v_tanh_grad_in_tail(v x) {
  return v_lt(v_set(tanh_grad_pieces.limit), v_abs(x));
}

#endif
