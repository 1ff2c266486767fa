/* hardswish_backward(dy, x) = dy * hardswish_grad(x).
 *
 * Method: dy * hi + dy * lo, rounded once, where hi + lo is the gradient. The sum is exact before
 * the rounding unless dy * lo underflows. float16 and bfloat16 are computed in float64.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.5000 ULP at -0x1p-133, 0x1.4p-129 (avx512):
 *       got -0x1p-133, want -0x1p-134
 *   f16 0.5000 ULP at -0x1.8p+1, 0x1p-11 (avx512):
 *       got -0x1.8p+0, want -0x1.802p+0
 *   f32 1.0000 ULP at -0x1p-126, 0x1.7fe3cep+0 (avx512):
 *       got -0x1.ffed38p-127, want -0x1.ffed34p-127
 *   f64 0.9871 ULP at -0x1.f3c0f48b9a80cp-1021, 0x1.2d1cd3a8123e5p-5 (avx512):
 *       got -0x1.ffffffffffff6p-1022, want -0x1.ffffffffffff5p-1022
 */
#ifndef GF_MATH_HARDSWISH_BACKWARD_H
#define GF_MATH_HARDSWISH_BACKWARD_H

#include "math/parts/ranges.h"
#include "math/parts/showing.h"
#include "math/parts/sixth.h"
#include "math/parts/step.h"

static inline v v_hardswish_backward(v dy, v x) {
  const v shown = v_showing(x), inside = v_clip(shown, -3, 3);
  const v_sixth slope = v_sixth_of_3_and(v_add(inside, inside)); /* the rest is 0 beyond 3 */
  const v hi = v_select(v_lt(v_abs(x), v_set(3)), slope.hi, v_step(x));
  const v finite = v_clip(dy, -REAL_MAX, REAL_MAX); /* infinity * 0 would be NaN */
  const v product = v_fma(dy, hi, v_mul(finite, v_low_word(slope)));
  return v_copysign(product,
                    v_mul_in_order(dy, hi)); /* if dy is 0, both terms are zeros of any sign */
}

#define hardswish_backward_HAS_TAIL 0

#endif
