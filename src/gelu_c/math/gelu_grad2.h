/* gelu_grad2(x) = phi(x) * (2 - x^2), the second derivative of gelu; phi the standard normal density.
 *
 * Reduction: even, a = |x|; zero at a = sqrt(2).
 * Saturation: -0.0 beyond 14.73 (float32), 38.77 (float64).
 * float64: 2 - a^2 = (sqrt(2) - a) * (sqrt(2) + a), sqrt(2) in two words, times exp(-a^2/2)
 * (parts/exp.h). float32: rows for a <= 5, one of them centred on the zero; beyond, parts/tail.h.
 *
 * Worst inputs (tools/update_worst.py; the bounds are in functions.def):
 *   f16 0.5000 ULP at 0x1.6ep-3:
 *       got 0x1.8b8p-1, want 0x1.8ba000228cf25p-1
 *   f32 1.2629 ULP at 0x1.60d6f2p+0:
 *       got 0x1.fb6638p-7, want 0x1.fb663a869f97ep-7
 *   f64 1.8433 ULP at 0x1.c6382245f73b9p+1:
 *       got -0x1.fe7700081fdabp-8, want -0x1.fe7700081fdadp-8
 */
#include "parts/exp.h"
#include "parts/normal.h"
#include "parts/rows.h"
#include "parts/tail.h"

#include "../coeffs/gelu_grad2_f32.h"

static inline vd gelu_grad2_f64(vd x) {
  const vd a = vd_min(vd_set(NORMAL_A_MAX), vd_abs(x));
  const vd_exponential e = vd_exp_minus_half_square(a);
  /* 2 - a^2 = (sqrt(2) - a) * (sqrt(2) + a), sqrt(2) in two words */
  static const double sqrt2[2] = {0x1.6a09e667f3bcdp0, -0x1.bdd3413b26456p-54};
  const vd2 sum = vd2_full_sum(vd_set(sqrt2[0]), a);
  const vd2 factor = {sum.hi, vd_add(sum.lo, vd_set(sqrt2[1]))};
  const vd2 density = {vd_set(0x1.9884533d43651p-2),
                       vd_set(-0x1.cbc0d30ebfd15p-56)}; /* 1/sqrt(2 pi) */
  return vd_scale(vd2_times(vd2_mul(vd2_mul(density, factor), e.m), vd_distance_to(sqrt2, a)), e.n);
}

/* phi(a) * (2 - a^2), the square in two words */
static inline vf gelu_grad2_tail_f32(vf x) {
  const vf a = vf_min(vf_set(NORMAL_F32_MAX), vf_abs(x));
  const vf2 half_square = vf2_half_square(a);
  const vf2 bracket = vf2_sum(half_square.hi, vf_set(-1));                /* a^2 / 2 - 1 */
  const vf2 density = {vf_set(-0x1.988454p-1f), vf_set(0x1.857936p-26f)}; /* -2 / sqrt(2 pi) */
  const vf2 factor = {bracket.hi, vf_add(bracket.lo, half_square.lo)};
  return vf_value(vf_times_exp_minus(vf2_mul(factor, density), half_square));
}

static inline vf gelu_grad2_f32(vf x) { return vf_collapse(vf_rows(&gelu_grad2_rows, vf_abs(x))); }

#define GF_HAS_TAIL
static inline mf gelu_grad2_in_tail_f32(vf x) {
  return vf_lt(vf_set(gelu_grad2_rows.limit), vf_abs(x));
}
