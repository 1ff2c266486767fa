/* sigmoid_grad(x) = sigmoid(x) * sigmoid(-x), the derivative of sigmoid.
 *
 * Reduction: sigmoid_grad is even; with a = |x| and e = exp(-a) it is e / (1 + e)^2.
 * Saturation: it is 0 beyond 103.98 (float32), 745.14 (float64).
 * Method: pieces (math/parts/piecewise.h); beyond their limit, e * (1 - 2 * e) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4997 ULP at 0x1.e4p+1 (avx512):
 *       got 0x1.64p-6, want 0x1.64ffd5cb1f817p-6
 *   f16 0.5000 ULP at 0x1.b3p+0 (avx512):
 *       got 0x1.0b8p-3, want 0x1.0b9ffffa7ad45p-3
 *   f32 0.8926 ULP at -0x1.214976p+3 (avx512):
 *       got 0x1.f118ap-14, want 0x1.f1189e36fff3p-14
 *   f64 1.4450 ULP at 0x1.4cb7325328f66p+3 (avx512):
 *       got 0x1.ffe3aafa1208fp-16, want 0x1.ffe3aafa1209p-16
 */
#ifndef GF_MATH_SIGMOID_GRAD_H
#define GF_MATH_SIGMOID_GRAD_H

#include PIECES_OF(sigmoid_grad)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

/* sigmoid_grad(a) */
static inline v_scaled v_sigmoid_grad_far(v x) {
  const v a = v_min(v_set(SIGMOID_GRAD_MAX), v_abs(x));
  return v_times_logistic(v2_of(v_set(1)), v_exp_minus(v2_of(a)), 2);
}

static inline v v_sigmoid_grad_tail(v x) { return v_value(v_sigmoid_grad_far(x)); }

static inline v v_sigmoid_grad(v x) { return v_collapse(v_pieces(&sigmoid_grad_pieces, v_abs(x))); }

#define sigmoid_grad_HAS_TAIL 1
#define sigmoid_grad_NEAR_ZERO CONSTANT
static inline v_mask v_sigmoid_grad_in_tail(v x) {
  return v_lt(v_set(sigmoid_grad_pieces.limit), v_abs(x));
}

#endif
