/* tanh(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x)).
 *
 * Reduction: tanh is odd; a = |x|.
 * Saturation: it is 1 from 9.09 (float32), 19.07 (float64) up.
 * Method: pieces (math/parts/piecewise.h); the piece at 0 adds a in the last, fused step.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.4999 ULP at 0x1.d14p-6 (avx512):
 *       got 0x1.d1p-6, want 0x1.d11fff187b6b3p-6
 *   f32 0.9562 ULP at -0x1.9448c2p-8 (avx2):
 *       got -0x1.94477p-8, want -0x1.944771e990518p-8
 *   f64 1.0641 ULP at -0x1.0ffa2e73c9ff6p+1 (avx512):
 *       got -0x1.f1980372725d9p-1, want -0x1.f1980372725d8p-1
 *   bf16 0.4984 ULP at 0x1.72p-4 (avx512):
 *       got 0x1.7p-4, want 0x1.70ff3422e030fp-4
 */
#ifndef GF_MATH_TANH_H
#define GF_MATH_TANH_H

#include PIECES_OF(tanh)
#include "math/parts/piecewise.h"

static inline v v_tanh(v x) { return v_copysign(v_collapse(v_pieces(&tanh_pieces, v_abs(x))), x); }

#define tanh_HAS_TAIL 0
#define tanh_NEAR_ZERO X

#endif
