/* gelu_tanh_grad(x) = s + x * s * (1 - s) * v'(x), the derivative of gelu_tanh (gelu_tanh.h), where
 * s = sigmoid(v(x)) and v'(x) = 2 sqrt(2/pi) * (1 + 3 * 0.044715 x^2).
 *
 * Reduction: with a = |x|, e = exp(-v(a)) and l(a) = e * (1 + e - a * v'(a)) / (1 + e)^2 the result
 * is l(a) for x <= 0 and 1 - l(a) for x > 0. l is zero at a = 0.7524615... and negative beyond.
 * Saturation: it is 1 from 5.47 (float32), 7.45 (float64) up, and -0.0 below -10.89, -21.59.
 * Method: pieces for l, one of them centred on the zero (math/parts/piecewise.h); beyond their
 * limit on both sides, the formula for l with a * v'(a) = v(a) + 2 * c3 * a^3 (math/parts/tail.h).
 *
 * Worst inputs (tools/check/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at 0x1.404p-4 (avx512):
 *       got 0x1.2p-1, want 0x1.1fe0001698731p-1
 *   f32 1.4417 ULP at -0x1.85e86ap-1 (avx512):
 *       got -0x1.fbe632p-9, want -0x1.fbe634e226429p-9
 *   f64 1.3684 ULP at -0x1.51cc94c68e92ap+2 (avx512):
 *       got -0x1.fdb7e49544e77p-23, want -0x1.fdb7e49544e78p-23
 *   bf16 0.4999 ULP at -0x1.fap+1 (avx512):
 *       got -0x1.bp-12, want -0x1.af000d4fe5f5bp-12
 */
#ifndef GF_MATH_GELU_TANH_GRAD_H
#define GF_MATH_GELU_TANH_GRAD_H

#include PIECES_OF(gelu_tanh_grad)
#include "math/parts/piecewise.h"
#include "math/parts/tail.h"
#include "math/parts/tanh_argument.h"

/* gelu_tanh_grad(-a) */
static inline v_scaled v_gelu_tanh_grad_left(v x) {
  const v a = v_min(v_set(TANH_GRAD_MAX), v_abs(x));
  const v2 phase = v2_tanh_argument(a);
  const v_exponential e = v_exp_minus(phase);
  const v2 minus_2_c3 = {v_set(-2 * tanh_c3[0]), v_set(-2 * tanh_c3[1])};
  const v2 cube = v2_mul(v2_mul(v2_square(a), v2_of(a)), minus_2_c3);
  const v2 minus_phase = {v_sub(v_set(0), phase.hi), v_sub(v_set(0), phase.lo)};
  const v2 one_and_e = {v_set(1), v_beside_one(e.m.hi, e.n)};
  return v_times_logistic(v2_add(cube, v2_add(minus_phase, one_and_e)), e, 2);
}

static inline v v_gelu_tanh_grad_tail(v x) {
  return v_left_or_rest(x, v_value(v_gelu_tanh_grad_left(x)));
}

static inline v v_gelu_tanh_grad(v x) {
  return v_reflect_right(x, v_set(1), v_pieces(&gelu_tanh_grad_pieces, v_abs(x)));
}

#define gelu_tanh_grad_HAS_TAIL 1
#define gelu_tanh_grad_NEAR_ZERO CONSTANT
static inline v_mask v_gelu_tanh_grad_in_tail(v x) {
  return v_lt(v_set(gelu_tanh_grad_pieces.limit), v_abs(x));
}

#endif
