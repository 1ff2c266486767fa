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
 * The tables: tools/fit/fit_f32.py, fit_f64.py, and fit_half.py for float16 and bfloat16, which need the
 * fewest steps; what else was tried: benchmarks/NOTES.md. */
#ifndef GF_ROWS_H
#define GF_ROWS_H

#include "simd/compiler.h"

/* f(a), as hi + lo: in one word, hi, but with ROWS_EXACT_STEPS */
typedef struct {
  v hi, lo;
} v_sum;

/* A row_table without its type, which depends on the degree; all but the pointers' contents are
 * constants to the compiler. */
typedef struct {
  real limit, start, rate, curve;
  unsigned shift;
  real slope, slope_end;
  const real *centre, *c; /* or whole rows */
  int degree;
} row_columns;

#define ROWS_HEAD(table)                                                                           \
  .limit = (table)->limit, .start = (table)->start, .rate = (table)->rate,                         \
  .curve = (table)->curve, .shift = (table)->shift, .slope = (table)->slope,                       \
  .slope_end = (table)->slope_end
#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
#ifdef ROW_MAJOR
#define COLUMNS_OF(table)                                                                          \
  ((row_columns){ROWS_HEAD(table), .c = (table)->row[0], .degree = LENGTH((table)->row[0]) - 2})
#else
#define COLUMNS_OF(table)                                                                          \
  ((row_columns){ROWS_HEAD(table), .centre = LENGTH((table)->centre) > 1 ? (table)->centre : NULL, \
                 .c = (table)->c[0], .degree = LENGTH((table)->c) - 1})
#endif

/* f(min(a, limit)) for a >= lo, some number below; NaN for NaN */
#define v_rows(table, a) v_rows_of(COLUMNS_OF(table), a)

/* The row of a in [lo, limit]. */
static inline v_row row_of(row_columns rows, v a) {
  const v start = v_set(rows.start), rate = v_set(rows.rate);
  if (rows.rate == 1 && rows.curve == 0)
    return v_row_of(v_add(a, start), rows.shift);
  const v slope = rows.curve == 0 ? rate : v_fma(a, v_set(rows.curve), rate);
  return v_row_of(v_fma(a, slope, start), rows.shift);
}

typedef struct {
  v first, second;
} v_columns;

/* c[k - 1] and c[k]; the centre and c[0] for k = 0; k is even */
static GF_ALWAYS_INLINE v_columns columns_of(row_columns rows, v_row row, int k) {
#ifdef ROW_MAJOR
  v_columns columns;
  v_lookup(rows.c + k, (size_t)(rows.degree + 2), row, &columns.first, &columns.second);
  return columns;
#else
  const v second = v_lookup(rows.c + k * ROWS, row);
  if (k > 0)
    return (v_columns){v_lookup(rows.c + (k - 1) * ROWS, row), second};
  return (v_columns){rows.centre ? v_lookup(rows.centre, row) : v_set(0), second};
#endif
}

/* c[0], or what stands for it. Beyond slope_end, the slope's line is followed by one that falls below
 * every c[0]: no comparison is needed, only min and max, which many processors do beside the FMAs. */
static inline v start_of(row_columns rows, v c0, v a) {
  if (rows.slope == 0)
    return c0;
  const v line = rows.slope == 1 ? a : v_mul(a, v_set(rows.slope));
  const v fall = v_sub(v_set((1 + rows.slope) * rows.slope_end), a);
  return v_max(v_min(line, fall), c0);
}

static GF_ALWAYS_INLINE v_sum v_rows_of(const row_columns rows, v a) {
  a = v_min(v_set(rows.limit), a);
  const v_row row = row_of(rows, a);
  const v_columns head = columns_of(rows, row, 0);
#ifdef ROW_MAJOR
  const v t = v_sub(a, head.first);
#else
  const v t = rows.centre ? v_sub(a, head.first) : a;
#endif
  const v start = start_of(rows, head.second, a);
  const int degree = rows.degree;
  v_columns next;
  v p = v_set(0);
  if (degree % 2 == 0) { /* columns are looked up in pairs */
    next = columns_of(rows, row, degree);
    p = v_fma(next.second, t, next.first);
  }
#ifndef ROW_MAJOR /* whole rows have an even degree */
  else
    p = v_lookup(rows.c + degree * ROWS, row);
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
  for (int k = (degree - 1) / 2 * 2; k > inexact; k -= 2) {
    next = columns_of(rows, row, k);
#ifdef REAL_IS_FLOAT
    p = v_fma(v_fma(p, t, next.second), t, next.first);
#else
    p = v_fma(p, t_squared, v_fma(next.second, t, next.first)); /* a shorter chain */
#endif
  }
#ifndef ROWS_EXACT_STEPS
  const v hi = v_fma(p, t, start);
  return (v_sum){hi, v_fma(p, t, v_sub(start, hi))};
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

#if TABLES_ARE_HALF
static inline v v_plus(v top, v_sum f) { return v_add(top, f.hi); }
#else
/* top + f for top >= 0 and f >= 0, rounded once, whichever is larger. min as above. */
static inline v v_plus(v top, v_sum f) {
  const v larger = v_max(top, f.hi), smaller = v_min(top, f.hi), hi = v_add(larger, smaller);
  const v low = v_add(f.lo, v_sub(smaller, v_sub(hi, larger)));
  return v_add(hi, v_min(low, v_set(1)));
}
#endif

/* f where `mirrored` is false, top - f where it is true */
static inline v v_reflect(v_mask mirrored, v top, v_sum f) {
  return v_select(mirrored, v_minus(top, f), v_collapse(f));
}

#endif
