/* Polynomials with n coefficients; n is a compile-time constant. */
#ifndef GF_POLY_H
#define GF_POLY_H

#include "math/parts/two_words.h"
#include "simd/compiler.h"

/* c[0] + c[1]*x + ... + c[n-1]*x^(n-1). In float it is computed by Horner's rule. In double, where
 * polynomials are long, the even and the odd powers form two chains, which a processor computes in
 * parallel. */
static inline v v_poly(v x, const real *c, int n) {
#ifdef REAL_IS_FLOAT
  v y = v_set(c[n - 1]);
  GF_UNROLL
  for (int k = n - 2; k >= 0; k--)
    y = v_fma(y, x, v_set(c[k]));
  return y;
#else
  const v square = v_mul(x, x);
  v last = v_set(c[n - 1]), other = v_set(c[n - 2]);
  GF_UNROLL
  for (int k = n - 3; k >= 0; k--) {
    const v next = v_fma(last, square, v_set(c[k]));
    last = other;
    other = next;
  }
  return v_fma(last, x, other); /* last is the chain that ends with c[1] */
#endif
}
#define V_POLY(x, c) v_poly(x, c, (int)(sizeof(c) / sizeof((c)[0])))

/* The polynomial as two words. Its constant term is two words too, c[0] + c[1]; c[2] is the factor
 * of x. */
static inline v2 v2_poly(v x, const real *c, int n) {
  const v rest = v_poly(x, c + 2, n - 2);
  const v y = v_fma(rest, x, v_set(c[0]));
  return (v2){y, v_add(v_fma(rest, x, v_sub(v_set(c[0]), y)), v_set(c[1]))};
}
#define V2_POLY(x, c) v2_poly(x, c, (int)(sizeof(c) / sizeof((c)[0])))

#endif
