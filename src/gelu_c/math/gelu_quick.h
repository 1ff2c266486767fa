/* gelu_quick(x) = x * sigmoid(1.702 x), where 1.702 is exact.
 *
 * Reduction: gelu_quick(x) = max(x, 0) - h(a), where a = |x| and h(a) = a * sigmoid(-1.702 a), with
 * the sign of x.
 * Saturation: it is x from 9.90 (float32), 21.77 (float64) up, and -0.0 below -63.53, -441.38.
 * Method: pieces for h (math/parts/piecewise.h); beyond their limit on both sides,
 * h(a) = a * e * (1 - e) with e = exp(-1.702 a) (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1p-133 (avx512):
 *       got 0x1p-133, want 0x1p-134
 *   f16 0.5000 ULP at 0x1p-24 (avx512):
 *       got 0x1p-24, want 0x1.000000d9db22dp-25
 *   f32 0.8937 ULP at 0x1.000a3p-9 (avx2):
 *       got 0x1.007728p-10, want 0x1.00772636691d9p-10
 *   f64 1.2914 ULP at -0x1.ee0aec16ac50cp+2 (avx512):
 *       got -0x1.fdc65eb7348cp-17, want -0x1.fdc65eb7348c1p-17
 */
#ifndef GF_MATH_GELU_QUICK_H
#define GF_MATH_GELU_QUICK_H

#include PIECES_OF(gelu_quick)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

/* gelu_quick(-a) */
static inline v_scaled v_gelu_quick_left(v x) {
  const v a = v_min(v_set(SIGMOID_GRAD_MAX), v_abs(x));
  const v_exponential e = v_exp_minus(v2_mul(v2_constant(quick_factor), v2_of(a)));
  return v_opposite(v_times_logistic(v2_of(a), e, 1));
}

static inline v v_gelu_quick_tail(v x) { return v_left_or_beside(x, v_gelu_quick_left(x)); }

static inline v v_gelu_quick(v x) {
  /* max gives x if x is a zero or NaN */
  return v_minus(v_max(v_set(-0.0), x), v_pieces_of_abs(&gelu_quick_pieces, x));
}

#define gelu_quick_HAS_TAIL 1
#define gelu_quick_NEAR_ZERO HALF_X
static inline v_mask v_gelu_quick_in_tail(v x) {
  return v_lt(v_set(gelu_quick_pieces.limit), v_abs(x));
}

#endif
