/* selu(x) = scale * x for x > 0, scale * alpha * (exp(x) - 1) otherwise. The constants are the
 * decimals of the paper, taken as exact: alpha = 1.6732632423543772848170429916717,
 * scale = 1.0507009873554804934193349852946.
 *
 * Reduction: for x <= 0 the result is -scale * alpha * f(a), where a = |x| and f(a) = 1 - exp(-a).
 * Saturation: it is -scale * alpha below -16.87 (float32), -37.19 (float64).
 * Method: the pieces of elu for f (math/parts/piecewise.h), times constants as two words. For
 * float16 and bfloat16 selu has pieces of its own, which include the factor.
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   bf16 0.4996 ULP at -0x1.94p-11 (avx512):
 *       got -0x1.62p-10, want -0x1.62ffd064f126p-10
 *   f16 0.4999 ULP at -0x1.ee8p+2 (avx512):
 *       got -0x1.c1cp+0, want -0x1.c1dffde8a0eccp+0
 *   f32 0.9997 ULP at 0x1.b66cc8p-126 (avx512):
 *       got 0x1.cca74ep-126, want 0x1.cca74c0021273p-126
 *   f64 0.8146 ULP at -0x1.5613ffd425da8p-2 (avx512):
 *       got -0x1.ff43c9bff9105p-2, want -0x1.ff43c9bff9104p-2
 */
#ifndef GF_MATH_SELU_H
#define GF_MATH_SELU_H

#if TABLES_ARE_HALF
#include PIECES_OF(selu)
#endif
#include "math/elu.h"
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"

#if TABLES_ARE_HALF
static inline v v_selu_left(v a) { return v_collapse(v_pieces(&selu_pieces, a)); }
static inline v v_selu_right(v x) { return v_mul(x, v_set(selu_right[0])); }
#else
static inline v v_selu_left(v a) {
  const v_sum f = v_pieces(&elu_pieces, a);
  const v low = v_fma(f.hi, v_set(selu_left[1]), v_mul(v_add(f.lo, f.lost), v_set(selu_left[0])));
  return v_fma(f.hi, v_set(selu_left[0]), low);
}
static inline v v_selu_right(v x) {
  const v low = v_mul(v_min(v_set(REAL_MAX), x), v_set(selu_right[1])); /* inf - inf is NaN */
  return v_fma(x, v_set(selu_right[0]), low);
}
#endif

static inline v v_selu(v x) {
  const v left = v_copysign(v_selu_left(v_abs(x)), x);
  return v_select(v_lt(v_set(0), x), v_selu_right(x), left);
}

#define selu_HAS_TAIL 0

#endif
