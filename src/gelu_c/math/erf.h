/* erf(x) = 2/sqrt(pi) * integral of exp(-t^2) for t from 0 to x.
 *
 * Reduction: erf is odd; a = |x|.
 * Saturation: it is 1 from 3.91 (float32), 5.93 (float64) up.
 * Method: pieces (math/parts/piecewise.h); the piece at 0 adds a in the last, fused step.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at 0x1.984p-2 (avx512):
 *       got 0x1.b58p-2, want 0x1.b5600071f1503p-2
 *   f32 0.9994 ULP at -0x1.8d951ap-7 (avx2):
 *       got -0x1.c09a08p-7, want -0x1.c09a09ffafb4fp-7
 *   f64 0.7841 ULP at -0x1.6bd099c4f3c0fp-7 (avx2):
 *       got -0x1.9a8114eb66abfp-7, want -0x1.9a8114eb66abep-7
 *   bf16 0.4999 ULP at 0x1.28p-127 (avx512):
 *       got 0x1.5p-127, want 0x1.4e000f4cd03b6p-127
 */
#ifndef GF_MATH_ERF_H
#define GF_MATH_ERF_H

#include PIECES_OF(erf)
#include "math/parts/piecewise.h"

static inline v v_erf(v x) { return v_copysign(v_collapse(v_pieces(&erf_pieces, v_abs(x))), x); }

#define erf_HAS_TAIL 0

#endif
