/* Piecewise polynomials in float32: rows over a in [0, limit], looked up in registers.
 *
 *     k = start + a * (rate + curve * a),   row = the exponent and the first bits of k, as an integer,
 *     t = a - centre[row],   f(a) = c[0][row] + t * (c[1][row] + t * (...))
 *
 * Rows are evenly wide where k has one exponent, and half as wide where it has the next smaller one:
 * they become narrower as a grows where rate < 0, as a function like exp(-a^2/2) needs for a relative
 * error, and wider where rate > 0, for the others.
 *
 * What is left of the error is the rounding of the last factor of t, weighted by t * p / f. Where
 * thirty-two rows can be looked up at once, they are so narrow that this weight is below 0.4, and
 * degree 5 is enough. Where only eight can, degree 8 is, and the last three steps keep the low words
 * of their results. The tables: tools/fit_f32.py; what else was tried: benchmarks/NOTES.md. */
#ifndef GF_ROWS_H
#define GF_ROWS_H

#include "compiler.h"

#if VF_ROWS == 32
enum { ROWS_DEGREE = 5 };
#else
enum { ROWS_DEGREE = 8 };
#endif

typedef struct {
  _Alignas(64) float centre[VF_ROWS];
  float c[ROWS_DEGREE + 1][VF_ROWS];
  float limit, start, rate, curve;
  unsigned shift;         /* drops the bits of k that are not looked at */
  float slope, slope_end; /* up to slope_end, c[0] is 0 and stands for slope * a */
} gf_rows;

/* f(a), as hi + lo */
typedef struct {
  vf hi;
#if VF_ROWS != 32
  vf lo;
#endif
} vf_sum;

/* The row of a in [0, limit]. */
static inline vrow vf_row_of(const gf_rows *rows, vf a) {
  const vf start = vf_set(rows->start), rate = vf_set(rows->rate);
  if (rows->rate == 1 && rows->curve == 0)
    return vf_row(vf_add(a, start), rows->shift);
  const vf slope = rows->curve == 0 ? rate : vf_fma(a, vf_set(rows->curve), rate);
  return vf_row(vf_fma(a, slope, start), rows->shift);
}

/* c[0] of the row. Beyond slope_end, the slope's line is followed by one that falls below every
 * c[0]: no comparison is needed, only min and max, which many processors do beside the FMAs. */
static inline vf vf_row_start(const gf_rows *rows, vrow row, vf a) {
  const vf c0 = vf_lookup(rows->c[0], row);
  if (rows->slope == 0)
    return c0;
  const vf line = rows->slope == 1 ? a : vf_mul(a, vf_set(rows->slope));
  const vf fall = vf_sub(vf_set((1 + rows->slope) * rows->slope_end), a);
  return vf_max(vf_min(line, fall), c0);
}

/* f(min(a, limit)) for a >= 0; NaN for NaN */
static inline vf_sum vf_rows(const gf_rows *rows, vf a) {
  a = vf_min(vf_set(rows->limit), a);
  const vrow row = vf_row_of(rows, a);
  const vf t = vf_sub(a, vf_lookup(rows->centre, row)), start = vf_row_start(rows, row, a);
  vf p = vf_lookup(rows->c[ROWS_DEGREE], row);
#if VF_ROWS == 32
  GF_UNROLL
  for (int k = ROWS_DEGREE - 1; k > 0; k--)
    p = vf_fma(p, t, vf_lookup(rows->c[k], row));
  return (vf_sum){vf_fma(p, t, start)};
#else
  GF_UNROLL
  for (int k = ROWS_DEGREE - 1; k > 2; k--)
    p = vf_fma(p, t, vf_lookup(rows->c[k], row));
  const vf c2 = vf_lookup(rows->c[2], row), c1 = vf_lookup(rows->c[1], row);
  const vf r = vf_fma(p, t, c2), r_low = vf_fma(p, t, vf_sub(c2, r));
  const vf q = vf_fma(r, t, c1), q_low = vf_fma(r_low, t, vf_fma(r, t, vf_sub(c1, q)));
  /* start - hi and c1 - q are exact though not always close: the tables' c0 and c1 end in zeros */
  const vf hi = vf_fma(q, t, start), hi_low = vf_fma(q, t, vf_sub(start, hi));
  return (vf_sum){hi, vf_fma(q_low, t, hi_low)};
#endif
}

#if VF_ROWS == 32
static inline vf vf_collapse(vf_sum f) { return f.hi; }
static inline vf vf_minus(vf top, vf_sum f) { return vf_sub(top, f.hi); }
#else
static inline vf vf_collapse(vf_sum f) { return vf_add(f.hi, f.lo); }
/* Rounded once: top is 0, or the larger number. min has no effect but for top = infinity, where low is
 * NaN. */
static inline vf vf_minus(vf top, vf_sum f) {
  const vf hi = vf_sub(top, f.hi), low = vf_sub(f.lo, vf_sub(vf_sub(top, hi), f.hi));
  return vf_sub(hi, vf_min(low, vf_set(1)));
}
#endif

/* f where `mirrored` is false, top - f where it is true */
static inline vf vf_reflect(mf mirrored, vf top, vf_sum f) {
  return vf_select(mirrored, vf_minus(top, f), vf_collapse(f));
}

#endif
