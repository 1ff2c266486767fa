/* hardsigmoid(x) = min(max(x / 6 + 1/2, 0), 1).
 *
 * Saturation: it is 0 from -3 down, and 1 from 3 up.
 * Method: (3 + x) / 6 as two words, whose sum is correctly rounded (math/parts/sixth.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1.8p-7 (avx512):
 *       got 0x1p-1, want 0x1.01p-1
 *   f16 0.5000 ULP at 0x1.8p-10 (avx512):
 *       got 0x1p-1, want 0x1.002p-1
 *   f32 0.5000 ULP at 0x1.97ap-13 (avx512):
 *       got 0x1.00044p-1, want 0x1.00043fp-1
 *   f64 0.5000 ULP at -0x1.e7a650e24143dp-2 (avx512):
 *       got 0x1.aeb99d2f9fcap-2, want 0x1.aeb99d2f9fcap-2
 */
#ifndef GF_MATH_HARDSIGMOID_H
#define GF_MATH_HARDSIGMOID_H

#include "math/parts/sixth.h"

static inline v v_hardsigmoid(v x) { return v_rounded_sixth_of_3_and(v_clip(x, -3, 3)); }

#define hardsigmoid_HAS_TAIL 0
#define hardsigmoid_NEAR_ZERO CONSTANT

#endif
