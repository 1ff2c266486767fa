/* gelu_tanh(x) = x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) / 2 = x * sigmoid(v(x)),
 * where v(x) = 2 sqrt(2/pi) * (x + 0.044715 x^3); the constants are exact.
 *
 * Reduction: gelu_tanh(x) = max(x, 0) - h(a), where a = |x| and h(a) = a * sigmoid(-v(a)), with the
 * sign of x.
 * Saturation: it is x from 5.00 (float32), 7.14 (float64) up, and -0.0 below -10.77, -21.55.
 * Method: pieces for h (math/parts/piecewise.h); beyond their limit, h(a) = a * e * (1 - e) with
 * e = exp(-v(a)) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at 0x1p-24 (avx512):
 *       got 0x1p-24, want 0x1.000000cc4229ap-25
 *   f32 0.9909 ULP at -0x1.3ffe78p+2 (avx512):
 *       got -0x1.ec784cp-23, want -0x1.ec784dfb50c67p-23
 *   f64 1.2935 ULP at -0x1.3fb2ba5e0b544p+2 (avx512):
 *       got -0x1.fc0f9686e265ap-23, want -0x1.fc0f9686e2659p-23
 *   bf16 0.5000 ULP at 0x1p-133 (avx512):
 *       got 0x1p-133, want 0x1p-134
 */
#ifndef GF_MATH_GELU_TANH_H
#define GF_MATH_GELU_TANH_H

#include PIECES_OF(gelu_tanh)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"
#include "math/parts/tanh_argument.h"

/* gelu_tanh(-a) */
static inline v_scaled v_gelu_tanh_left(v x) {
  const v a = v_min(v_set(TANH_GRAD_MAX), v_abs(x));
  const v_exponential e = v_exp_minus(v2_tanh_argument(a));
  return v_opposite(v_times_logistic(v2_of(a), e, 1));
}

static inline v v_gelu_tanh_tail(v x) { return v_left_or_beside(x, v_gelu_tanh_left(x)); }

static inline v v_gelu_tanh(v x) {
  /* max gives x if x is a zero or NaN */
  return v_minus(v_max(v_set(-0.0), x), v_pieces_of_abs(&gelu_tanh_pieces, x));
}

#define gelu_tanh_HAS_TAIL 1
#define gelu_tanh_NEAR_ZERO HALF_X
static inline v_mask v_gelu_tanh_in_tail(v x) {
  return v_beyond(x, gelu_tanh_pieces.limit, GELU_TANH_SATURATES);
}

#endif
