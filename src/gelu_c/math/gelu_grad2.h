/* gelu_grad2(x) = phi(x) * (2 - x^2), the second derivative of gelu; phi is the standard normal
 * density.
 *
 * Reduction: gelu_grad2 is even; a = |x|. It is zero at a = sqrt(2).
 * Saturation: it is -0.0 beyond 14.73 (float32), 38.77 (float64).
 * Method: pieces, one of them centred on the zero (math/parts/piecewise.h); beyond their limit the
 * definition, with the square as two words (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at 0x1.6ep-3 (avx512):
 *       got 0x1.8bcp-1, want 0x1.8ba000228cf25p-1
 *   f32 1.2629 ULP at 0x1.60d6f2p+0 (avx512):
 *       got 0x1.fb6638p-7, want 0x1.fb663a869f97ep-7
 *   f64 1.4399 ULP at 0x1.9926412faebd6p+0 (avx512):
 *       got -0x1.f9280cbfdedc6p-5, want -0x1.f9280cbfdedc7p-5
 *   bf16 0.4993 ULP at 0x1.02p+2 (avx512):
 *       got -0x1.bap-10, want -0x1.b90056911d5fp-10
 */
#ifndef GF_MATH_GELU_GRAD2_H
#define GF_MATH_GELU_GRAD2_H

#include PIECES_OF(gelu_grad2)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

static inline v v_gelu_grad2_tail(v x) {
  const v a = v_min(v_set(NORMAL_MAX), v_abs(x));
  const v2 half_square = v2_half_square(a);
  const v2 bracket = v2_add(half_square, v2_of(v_set(-1))); /* a^2 / 2 - 1 */
  const v2 density = {v_set(-2 * phi_at_0[0]), v_set(-2 * phi_at_0[1])};
  return v_value(v_times_exp_minus(v2_mul(bracket, density), half_square));
}

static inline v v_gelu_grad2(v x) { return v_collapse(v_pieces(&gelu_grad2_pieces, v_abs(x))); }

#define gelu_grad2_HAS_TAIL 1
#define gelu_grad2_NEAR_ZERO CONSTANT
static inline v_mask v_gelu_grad2_in_tail(v x) {
  return v_lt(v_set(gelu_grad2_pieces.limit), v_abs(x));
}

#endif
