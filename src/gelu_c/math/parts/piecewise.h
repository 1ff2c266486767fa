/* Piecewise polynomials. The pieces cover a in [lo, limit] and are looked up in registers or in
 * memory; lo is 0 unless the function has no symmetry.
 *
 *     k = start + a * (rate + curve * a),
 *     piece = the exponent and the first bits of k as an integer,
 *     t = a - centre[piece],
 *     f(a) = c[0][piece] + t * (c[1][piece] + t * (...))
 *
 * Pieces have the same width while k has the same exponent, and half that width while k has the
 * next smaller exponent. If rate < 0, pieces become narrower as a grows, as the relative error of a
 * function like exp(-a^2/2) needs; if rate > 0, they become wider.
 *
 * The main error is the rounding of the last factor of t, with the weight t * p / f, which is small
 * if pieces are narrow. float16 and bfloat16 have so few digits that they do not need the
 * subtraction: most of their coefficients have no centres, and t = a. float32 does not look up
 * numbers in registers if they hold only eight: rows.h has its pieces.
 *
 * The coefficients come from tools/fit/fit_f32.py and fit_f64.py, and from fit_half.py for float16
 * and bfloat16, which need the fewest steps. benchmarks/NOTES.md says what else was tried. */
#ifndef GF_PIECEWISE_H
#define GF_PIECEWISE_H

#include "math/parts/ranges.h"
#include "math/parts/two_words.h"
#include "simd/compiler.h"

/* f(a) as hi + lo; hi alone is f(a) rounded. `lost` is what the step before the last one lost; with
 * it the sum is exact next to a zero of f at 0. */
typedef struct {
  v hi, lo, lost;
} v_sum;

#if defined(LOOKS_UP_ROWS) && !TABLES_ARE_HALF
#include "math/parts/rows.h"
#else

/* The pieces of a function of any degree (their type in pieces.h depends on the degree). The
 * compiler knows every member as a constant; it does not know the numbers that the pointers point
 * to. */
typedef struct {
  real limit, start, rate, curve;
  unsigned shift;
  real slope, slope_end;
  const real *centre, *c; /* with PIECE_MAJOR, c points to whole pieces */
  int degree;
} piece_columns;

#define PIECES_HEAD(table)                                                                         \
  .limit = (table)->limit, .start = (table)->start, .rate = (table)->rate,                         \
  .curve = (table)->curve, .shift = (table)->shift, .slope = (table)->slope,                       \
  .slope_end = (table)->slope_end
#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
#ifdef PIECE_MAJOR
#define COLUMNS_OF(table)                                                                          \
  ((piece_columns){PIECES_HEAD(table), .c = (table)->piece[0],                                     \
                   .degree = LENGTH((table)->piece[0]) - 2})
#else
#define COLUMNS_OF(table)                                                                          \
  ((piece_columns){PIECES_HEAD(table),                                                             \
                   .centre = LENGTH((table)->centre) > 1 ? (table)->centre : NULL,                 \
                   .c = (table)->c[0], .degree = LENGTH((table)->c) - 1})
#endif

/* f(min(a, limit)) for a >= lo; any number below lo; NaN for NaN */
#define v_pieces(table, a)                                                                         \
  v_pieces_of(COLUMNS_OF(table), v_min(v_set((table)->limit), a), v_set(0), 0)
/* The same for a + low, a number of two words, if f has no slope */
#define v_pieces_at(table, a, low)                                                                 \
  v_pieces_of(COLUMNS_OF(table), v_min(v_set((table)->limit), a), low, 1)
/* f(min(|x|, limit)) for lo = 0; any number for NaN, so the caller keeps NaN itself */
#define v_pieces_of_abs(table, x)                                                                  \
  v_pieces_of(COLUMNS_OF(table), v_min_abs(x, v_set((table)->limit)), v_set(0), 0)

/* The number of the piece that holds a, for a in [lo, limit] */
static GF_ALWAYS_INLINE v_piece piece_of(piece_columns pieces, v a) {
  const v start = v_set(pieces.start), rate = v_set(pieces.rate);
  if (pieces.rate == 1 && pieces.curve == 0)
    return v_piece_of(v_add(a, start), pieces.shift);
  const v slope = pieces.curve == 0 ? rate : v_fma(a, v_set(pieces.curve), rate);
  return v_piece_of(v_fma(a, slope, start), pieces.shift);
}

typedef struct {
  v first, second;
} v_columns;

/* c[k - 1] and c[k], or the centre and c[0] for k = 0; k is even */
static GF_ALWAYS_INLINE v_columns columns_of(piece_columns pieces, v_piece piece, int k) {
#ifdef PIECE_MAJOR
  v_columns columns;
  v_lookup(pieces.c + k, (size_t)(pieces.degree + 2), piece, &columns.first, &columns.second);
  return columns;
#else
  const v second = v_lookup(pieces.c + k * PIECES, piece);
  if (k > 0)
    return (v_columns){v_lookup(pieces.c + (k - 1) * PIECES, piece), second};
  return (v_columns){pieces.centre ? v_lookup(pieces.centre, piece) : v_set(0), second};
#endif
}

/* c[0], or slope * a where c[0] is 0, up to slope_end. Without V_MERGES a choice takes longer than
 * min and max: beyond slope_end the line slope * a gives way to one that falls below every c[0]. */
static GF_ALWAYS_INLINE v start_of(piece_columns pieces, v c0, v a) {
  if (pieces.slope == 0)
    return c0;
  const v line = pieces.slope == 1 ? a : v_mul(a, v_set(pieces.slope));
#ifdef V_MERGES
  return v_select(v_lt(c0, v_set(REAL_MIN)), line, c0);
#else
  const v fall = v_sub(v_set((1 + pieces.slope) * pieces.slope_end), a);
  return v_max(v_min(line, fall), c0);
#endif
}

/* a is at most the limit; low is used if has_low is 1. */
static GF_ALWAYS_INLINE v_sum v_pieces_of(const piece_columns pieces, v a, v low,
                                          const int has_low) {
  const v_piece piece = piece_of(pieces, a);
  const v_columns head = columns_of(pieces, piece, 0);
#ifdef PIECE_MAJOR
  const v from_centre = v_sub(a, head.first);
#else
  const v from_centre = pieces.centre ? v_sub(a, head.first) : a;
#endif
  const v t = has_low ? v_add(from_centre, low) : from_centre;
  const v start = start_of(pieces, head.second, a);
  const int degree = pieces.degree;
  v_columns next;
  v p = v_set(0), inner = p;
  if (degree % 2 == 0) { /* coefficients are looked up in pairs */
    next = columns_of(pieces, piece, degree);
    p = v_fma(next.second, t, next.first);
  }
#ifndef PIECE_MAJOR /* with PIECE_MAJOR every degree is even */
  else
    p = v_lookup(pieces.c + degree * PIECES, piece);
#endif
#ifndef REAL_IS_FLOAT
  const v t_squared = v_mul(t, t);
#endif
  GF_UNROLL
  for (int k = (degree - 1) / 2 * 2; k > 1; k -= 2) {
    next = columns_of(pieces, piece, k);
#ifndef REAL_IS_FLOAT
    if (k > 2) { /* a shorter chain, whose additional rounding would show in the last step */
      p = v_fma(p, t_squared, v_fma(next.second, t, next.first));
      continue;
    }
#endif
    inner = v_fma(p, t, next.second);
    p = v_fma(inner, t, next.first);
  }
  const v hi = v_fma(p, t, start);
  const v_sum f = {hi, v_fma(p, t, v_sub(start, hi)), v_set(0)};
  if (!has_low)
    return f;
  /* t was rounded: what it lost, times the derivative without a term in t^2 */
  const v t_low = v_sub(low, v_sub(t, from_centre));
  const v f_low = v_fma(v_fma(inner, t, p), t_low, f.lo), sum = v_add(f.hi, f_low);
  return (v_sum){sum, v_sub(f_low, v_sub(sum, f.hi)), v_set(0)};
}

#endif

static inline v v_collapse(v_sum f) { return f.hi; }
static inline v v_minus(v top, v_sum f) { return v_sub(top, f.hi); }

#if TABLES_ARE_HALF
static inline v v_plus(v top, v_sum f) { return v_add(top, f.hi); }
#else
/* top + f for top >= 0 and f >= 0, rounded once; either may be the larger. min is for infinity. */
static inline v v_plus(v top, v_sum f) {
  const v larger = v_max(top, f.hi), smaller = v_min(top, f.hi), hi = v_add(larger, smaller);
  const v low = v_add(f.lo, v_sub(smaller, v_sub(hi, larger)));
  return v_add(hi, v_min(low, v_set(1)));
}
#endif

/* f on one side and top - f on the other; either at 0, where both are the same */
static inline v v_reflect_left(v x, v top, v_sum f) {
  return v_select(v_negative(x), v_minus(top, f), v_collapse(f));
}
static inline v v_reflect_right(v x, v top, v_sum f) {
#ifdef V_SELECTS_BY_SIGN
  return v_select(v_negative(x), v_collapse(f), v_minus(top, f));
#else /* where V_MERGES is defined, the difference merges with f */
  return v_select(v_lt(v_set(0), x), v_minus(top, f), v_collapse(f));
#endif
}

#endif
