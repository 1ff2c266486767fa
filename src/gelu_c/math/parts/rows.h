/* Piecewise polynomials: rows over a in [lo, limit], looked up in registers or in memory; lo is 0 but
 * for functions whose one side does not tell the other.
 *
 *     k = start + a * (rate + curve * a),   row = the exponent and the first bits of k, as an integer,
 *     t = a - centre[row],   f(a) = c[0][row] + t * (c[1][row] + t * (...))
 *
 * Rows are evenly wide where k has one exponent, and half as wide where it has the next smaller one:
 * they become narrower as a grows where rate < 0, as a function like exp(-a^2/2) needs for a relative
 * error, and wider where rate > 0, for the others.
 *
 * What is left of the error is the rounding of the last factor of t, weighted by t * p / f. Rows
 * narrow enough make this weight small. The few digits of float16 and bfloat16 survive without the
 * subtraction, so most of their tables have no centres: t = a. Where the rows of float32 are only eight, the last three steps
 * keep the low words of their results (ROWS_EXACT_STEPS).
 *
 * The tables: tools/fit_f32.py, fit_f64.py, and fit_half.py for float16 and bfloat16, which need the
 * fewest steps; what else was tried: benchmarks/NOTES.md. */
#ifndef GF_ROWS_H
#define GF_ROWS_H

#include "compiler.h"

/* f(a), as hi + lo */
typedef struct {
  v hi;
#ifdef ROWS_EXACT_STEPS
  v lo;
#endif
} v_sum;

/* The row of a in [lo, limit]. */
static inline v_row row_of(const row_table *rows, v a) {
  const v start = v_set(rows->start), rate = v_set(rows->rate);
  if (rows->rate == 1 && rows->curve == 0)
    return v_row_of(v_add(a, start), rows->shift);
  const v slope = rows->curve == 0 ? rate : v_fma(a, v_set(rows->curve), rate);
  return v_row_of(v_fma(a, slope, start), rows->shift);
}

typedef struct {
  v first, second;
} v_columns;

/* c[k - 1] and c[k]; the centre and c[0] for k = 0; k is even */
static inline v_columns columns_of(const row_table *rows, v_row row, int k) {
#ifdef ROW_MAJOR
  v_columns columns;
  v_lookup(&rows->row[0][k], ROWS_DEGREE + 2, row, &columns.first, &columns.second);
  return columns;
#elif defined(ROWS_WITHOUT_CENTRE)
  return (v_columns){k > 0 ? v_lookup(rows->c[k - 1], row) : v_set(0), v_lookup(rows->c[k], row)};
#else
  const v first = v_lookup(k > 0 ? rows->c[k - 1] : rows->centre, row);
  return (v_columns){first, v_lookup(rows->c[k], row)};
#endif
}

/* c[0], or what stands for it. Beyond slope_end, the slope's line is followed by one that falls below
 * every c[0]: no comparison is needed, only min and max, which many processors do beside the FMAs. */
static inline v start_of(const row_table *rows, v c0, v a) {
  if (rows->slope == 0)
    return c0;
  const v line = rows->slope == 1 ? a : v_mul(a, v_set(rows->slope));
  const v fall = v_sub(v_set((1 + rows->slope) * rows->slope_end), a);
  return v_max(v_min(line, fall), c0);
}

/* f(min(a, limit)) for a >= lo, some number below; NaN for NaN */
static inline v_sum v_rows(const row_table *rows, v a) {
  a = v_min(v_set(rows->limit), a);
  const v_row row = row_of(rows, a);
  const v_columns head = columns_of(rows, row, 0);
#ifdef ROWS_WITHOUT_CENTRE
  const v t = a;
#else
  const v t = v_sub(a, head.first);
#endif
  const v start = start_of(rows, head.second, a);
#if ROWS_DEGREE % 2 == 0
  v_columns next = columns_of(rows, row, ROWS_DEGREE);
  v p = v_fma(next.second, t, next.first);
#elif defined(ROW_MAJOR)
#error "columns are looked up in pairs"
#else
  v_columns next;
  v p = v_lookup(rows->c[ROWS_DEGREE], row);
#endif
#ifdef ROWS_EXACT_STEPS
  const int inexact = 3; /* below it, steps keep their low words */
#else
  const int inexact = 1;
#endif
#ifndef REAL_IS_FLOAT
  const v t_squared = v_mul(t, t);
#endif
  GF_UNROLL
  for (int k = (ROWS_DEGREE - 1) / 2 * 2; k > inexact; k -= 2) {
    next = columns_of(rows, row, k);
#ifdef REAL_IS_FLOAT
    p = v_fma(v_fma(p, t, next.second), t, next.first);
#else
    p = v_fma(p, t_squared, v_fma(next.second, t, next.first)); /* a shorter chain */
#endif
  }
#ifndef ROWS_EXACT_STEPS
  return (v_sum){v_fma(p, t, start)};
#else
  next = columns_of(rows, row, 2);
  const v c2 = next.second, c1 = next.first;
  const v r = v_fma(p, t, c2), r_low = v_fma(p, t, v_sub(c2, r));
  const v q = v_fma(r, t, c1), q_low = v_fma(r_low, t, v_fma(r, t, v_sub(c1, q)));
  /* start - hi and c1 - q are exact though not always close: the tables' c0 and c1 end in zeros */
  const v hi = v_fma(q, t, start), hi_low = v_fma(q, t, v_sub(start, hi));
  return (v_sum){hi, v_fma(q_low, t, hi_low)};
#endif
}

#ifdef ROWS_EXACT_STEPS
static inline v v_collapse(v_sum f) { return v_add(f.hi, f.lo); }
/* Rounded once: top is 0, or the larger number. min has no effect but for top = infinity, where low is
 * NaN. */
static inline v v_minus(v top, v_sum f) {
  const v hi = v_sub(top, f.hi), low = v_sub(f.lo, v_sub(v_sub(top, hi), f.hi));
  return v_sub(hi, v_min(low, v_set(1)));
}
#else
static inline v v_collapse(v_sum f) { return f.hi; }
static inline v v_minus(v top, v_sum f) { return v_sub(top, f.hi); }
#endif

/* f where `mirrored` is false, top - f where it is true */
static inline v v_reflect(v_mask mirrored, v top, v_sum f) {
  return v_select(mirrored, v_minus(top, f), v_collapse(f));
}

#endif
