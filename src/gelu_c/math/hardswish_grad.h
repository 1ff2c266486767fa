/* hardswish_grad(x) = x / 3 + 1/2 for |x| < 3, 0 below, 1 above: the derivative of hardswish.
 *
 * Method: (3 + 2 x) / 6 as two words, whose sum is correctly rounded (math/parts/sixth.h). It is
 * zero at x = -1.5.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at 0x1.8p-8 (avx512):
 *       got 0x1p-1, want 0x1.01p-1
 *   f16 0.5000 ULP at 0x1.8p-11 (avx512):
 *       got 0x1p-1, want 0x1.002p-1
 *   f32 0.5000 ULP at 0x1.cbp-17 (avx512):
 *       got 0x1.000098p-1, want 0x1.000099p-1
 *   f64 0.5000 ULP at -0x1.d4c4619032d55p-3 (avx512):
 *       got 0x1.b1df4512a231cp-2, want 0x1.b1df4512a231cp-2
 */
#ifndef GF_MATH_HARDSWISH_GRAD_H
#define GF_MATH_HARDSWISH_GRAD_H

#include "math/parts/sixth.h"
#include "math/parts/step.h"

static inline v v_hardswish_grad(v x) {
  const v inside = v_clip(x, -3, 3);
  const v slope = v_rounded_sixth_of_3_and(v_add(inside, inside));
  return v_select(v_lt(v_abs(x), v_set(3)), slope, v_step(x));
}

#define hardswish_grad_HAS_TAIL 0
#define hardswish_grad_NEAR_ZERO CONSTANT

#endif
