/* v(a) = 2 sqrt(2/pi) (a + 0.044715 a^3) = a * (c1 + c3 * a^2) in float64, as two words: its
 * exponential amplifies an error of v by v. gelu_tanh(x) = x * sigmoid(v(x)). */
#ifndef GF_TANH_ARGUMENT_H
#define GF_TANH_ARGUMENT_H

#include "../../coeffs/gelu_tanh_f64.h"
#include "exp.h"
#include "tail.h"

enum { TANH_A_MAX = 22 }; /* exp(-v(a)) * a has underflowed before it */

/* exp(-v(a)) */
static inline vd_exponential vd_exp_minus_tanh_argument(vd a) {
  const vd c1 = vd_set(gelu_tanh_c1[0]), c3 = vd_set(gelu_tanh_c3[0]);
  const vd s = vd_mul(a, a), s_low = vd_fma(a, a, vd_sub(vd_set(0), s));
  /* c3 * s + c1 in two words: the larger of the two terms is not known, so a full two-sum */
  const vd y = vd_mul(c3, s);
  const vd w = vd_add(y, c1);
  const vd c1_part = vd_sub(w, y);
  const vd sum_low = vd_add(vd_sub(y, vd_sub(w, c1_part)), vd_sub(c1, c1_part));
  const vd y_low = vd_fma(c3, s, vd_sub(vd_set(0), y));
  const vd constants_low = vd_fma(vd_set(gelu_tanh_c3[1]), s, vd_set(gelu_tanh_c1[1]));
  const vd w_low = vd_add(vd_add(sum_low, y_low), vd_fma(c3, s_low, constants_low));
  const vd h = vd_mul(a, w);
  const vd l = vd_fma(a, w_low, vd_fma(a, w, vd_sub(vd_set(0), h)));
  return vd_exp(vd_sub(vd_set(0), h), vd_sub(vd_set(0), l));
}

enum { TANH_F32_MAX = 11 }; /* a * exp(-v(a)) has underflowed in float32 before it */

/* v(a) in float32, as two words */
static inline vf2 vf2_tanh_argument(vf a) {
  const vf2 c1 = {vf_set(gelu_tanh_c1_f32[0]), vf_set(gelu_tanh_c1_f32[1])};
  const vf2 c3 = {vf_set(gelu_tanh_c3_f32[0]), vf_set(gelu_tanh_c3_f32[1])};
  /* c3 * a^2 is the larger term for a > 4.8, beyond the rows */
  const vf2 w = vf2_add(vf2_mul(vf2_square(a), c3), c1);
  return vf2_mul(w, (vf2){a, vf_set(0)});
}

#endif
