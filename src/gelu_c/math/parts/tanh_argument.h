/* v(a) = 2 sqrt(2/pi) (a + 0.044715 a^3) = a * (c1 + c3 * a^2) in float64, as two words: its
 * exponential amplifies an error of v by v. gelu_tanh(x) = x * sigmoid(v(x)). */
#ifndef GF_TANH_ARGUMENT_H
#define GF_TANH_ARGUMENT_H

#include "../../coeffs/gelu_tanh_f64.h"
#include "exp.h"
#include "tail.h"

/* exp(-v(a)) * a has underflowed before the first; times any other number before the second */
enum { TANH_A_MAX = 22, TANH_GRAD_A_MAX = 28 };

/* exp(-v(a)) */
static inline vd_exponential vd_exp_minus_tanh_argument(vd a) {
  const vd2 c3 = {vd_set(gelu_tanh_c3[0]), vd_set(gelu_tanh_c3[1])};
  const vd2 cubic = vd2_mul(vd2_product(a, a), c3);
  /* either term may be the larger, so a full sum */
  const vd2 sum = vd2_full_sum(cubic.hi, vd_set(gelu_tanh_c1[0]));
  const vd low = vd_add(sum.lo, vd_add(cubic.lo, vd_set(gelu_tanh_c1[1])));
  const vd2 v = vd2_mul((vd2){sum.hi, low}, (vd2){a, vd_set(0)});
  return vd_exp(vd_sub(vd_set(0), v.hi), vd_sub(vd_set(0), v.lo));
}

/* a * exp(-v(a)) has underflowed in float32 before it, times any other float before the second */
enum { TANH_F32_MAX = 11, TANH_GRAD_F32_MAX = 14 };

/* v(a) in float32, as two words */
static inline vf2 vf2_tanh_argument(vf a) {
  const vf2 c1 = {vf_set(gelu_tanh_c1_f32[0]), vf_set(gelu_tanh_c1_f32[1])};
  const vf2 c3 = {vf_set(gelu_tanh_c3_f32[0]), vf_set(gelu_tanh_c3_f32[1])};
  /* c3 * a^2 is the larger term for a > 4.8, beyond the rows */
  const vf2 w = vf2_add(vf2_mul(vf2_square(a), c3), c1);
  return vf2_mul(w, (vf2){a, vf_set(0)});
}

#endif
