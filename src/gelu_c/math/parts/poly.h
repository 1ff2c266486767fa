/* Polynomials, n a compile-time constant. */
#ifndef GF_POLY_H
#define GF_POLY_H

#include "math/parts/two_words.h"
#include "simd/compiler.h"

/* c[0] + c[1]*x + ... + c[n-1]*x^(n-1): in float by Horner's rule; in double, where polynomials are
 * long, as two such chains over the even and the odd powers, which a processor computes side by side. */
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
  return v_fma(last, x, other); /* last: the chain that ends with c[1] */
#endif
}
#define V_POLY(x, c) v_poly(x, c, (int)(sizeof(c) / sizeof((c)[0])))

/* The same as two words; c[0] too is given in two, c[0] + c[1], and c[2] is the factor of x. */
static inline v2 v2_poly(v x, const real *c, int n) {
  const v rest = v_poly(x, c + 2, n - 2);
  const v y = v_fma(rest, x, v_set(c[0]));
  return (v2){y, v_add(v_fma(rest, x, v_sub(v_set(c[0]), y)), v_set(c[1]))};
}
#define V2_POLY(x, c) v2_poly(x, c, (int)(sizeof(c) / sizeof((c)[0])))

#endif
