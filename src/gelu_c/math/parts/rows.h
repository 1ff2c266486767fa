/* Piecewise polynomials in float32: sixteen rows over a in [0, limit], looked up in registers.
 *
 *     row = round(a * (map[0] + a * map[1])),   t = a - centre[row],
 *     f(a) = c[0][row] + t * (c[1][row] + t * (...))
 *
 * The map makes rows narrower as a grows, as a function like exp(-a^2/2) needs for a relative
 * error. A row number comes out of the low bits of a float that 1.5 * 2^23 was added to. Sixteen
 * rows of degree 7 need nine look-ups; thirty-two rows would save one coefficient but cost AVX2
 * and NEON twice the permutes. The tables: tools/fit_f32.py. */
#ifndef GF_ROWS_H
#define GF_ROWS_H

#include "compiler.h"

typedef struct {
  _Alignas(64) float centre[16];
  float c[8][16];
  float limit, map[2];
} gf_rows;

/* The row of a in [0, limit]. */
static inline vrow vf_row_of(const gf_rows *rows, vf a) {
  const vf slope = vf_fma(a, vf_set(rows->map[1]), vf_set(rows->map[0]));
  return vf_row(vf_fma(slope, a, vf_set(0x1.8p23f)));
}

static inline vf vf_row_poly(const gf_rows *rows, vrow row, vf a) {
  const vf t = vf_sub(a, vf_lookup(rows->centre, row));
  vf y = vf_lookup(rows->c[7], row);
  GF_UNROLL
  for (int k = 6; k >= 0; k--)
    y = vf_fma(y, t, vf_lookup(rows->c[k], row));
  return y;
}

/* f(min(a, limit)) for a >= 0; NaN for NaN */
static inline vf vf_rows(const gf_rows *rows, vf a) {
  a = vf_min(vf_set(rows->limit), a);
  return vf_row_poly(rows, vf_row_of(rows, a), a);
}

/* The same for a function whose first rows leave slope * a out. */
static inline vf vf_rows_and_slope(const gf_rows *rows, const float *slopes, vf a) {
  a = vf_min(vf_set(rows->limit), a);
  const vrow row = vf_row_of(rows, a);
  return vf_fma(a, vf_lookup(slopes, row), vf_row_poly(rows, row, a));
}

#endif
