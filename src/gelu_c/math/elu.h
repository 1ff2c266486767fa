/* elu(x) = x for x > 0, exp(x) - 1 otherwise.
 *
 * Reduction: for x <= 0 the result is -f(a), where a = |x| and f(a) = 1 - exp(-a).
 * Saturation: it is -1 below -17.33 (float32), -37.43 (float64).
 * Method: pieces for f (math/parts/piecewise.h); the piece at 0 adds a in the last, fused step.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4998 ULP at -0x1.3cp+0 (avx512):
 *       got -0x1.6ap-1, want -0x1.6affdf96e5d11p-1
 *   f16 0.4999 ULP at -0x1.74cp+0 (avx512):
 *       got -0x1.888p-1, want -0x1.889ffeea2314fp-1
 *   f32 0.8675 ULP at -0x1.6b2a08p-6 (avx2):
 *       got -0x1.672b38p-6, want -0x1.672b39bc2a85ep-6
 *   f64 0.7346 ULP at -0x1.250d00ed9dde4p-2 (avx512):
 *       got -0x1.fdb1de874814ep-3, want -0x1.fdb1de874814fp-3
 */
#ifndef GF_MATH_ELU_H
#define GF_MATH_ELU_H

#include PIECES_OF(elu)
#include "math/parts/piecewise.h"

static inline v v_elu(v x) {
  const v left = v_copysign(v_collapse(v_pieces(&elu_pieces, v_abs(x))), x);
  return v_select(v_lt(v_set(0), x), x, left);
}

#define elu_HAS_TAIL 0
#define elu_NEAR_ZERO X

#endif
