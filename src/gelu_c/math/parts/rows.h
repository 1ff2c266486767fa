/* Cubic polynomials on pieces of equal width: float32 where a vector has few lanes, so that loading
 * a row of four numbers for each lane takes less time than computing with few pieces.
 *
 *     centre = a rounded to a multiple of the width,
 *     t = a - centre,
 *     f(a) = c0 + (d * a + t * (c1 + t * (c2 + t * c3)))
 *
 * d * a is what c0 lacks by its rounding, so it is small and so is all that is added to c0. In the
 * piece at 0 of a function that is nearly slope * a there, c0 is 0 and d is the slope. d needs few
 * digits: a row is c0, c1, c2 and a number that is both c3 and, in its lower 16 bits, d as a
 * bfloat16.
 *
 * If the function has a zero, centres are moved by `shift`, so that one is the float next to the
 * zero, and each also by its d, so that c0 lacks nothing: t = a - centre - shift - d. Then
 * f(a) = c0 + t * (...) has one rounding less.
 *
 * tools/fit/rows.py fits the rows; piecewise.h includes this file. */
#ifndef GF_ROWS_H
#define GF_ROWS_H

/* f(a) as hi + lo, for a from below up to the limit; low is used if has_low is 1, and a may be NaN
 * if may_be_nan is 1. */
static GF_ALWAYS_INLINE v_sum v_rows_of(const piece_rows rows, v a, v low, const int has_low,
                                        const int may_be_nan) {
  const v start = v_set(rows.start), last = v_set(rows.limit - rows.shift + rows.start);
  if (rows.lo != 0)
    a = v_max(v_set(rows.lo), a);
  const v moved = rows.shift == 0 ? a : v_sub(a, v_set(rows.shift)), number = v_add(moved, start);
  v c0, c1, c2, c3;
  /* the bits of NaN are no number of a row */
  v_lookup_row(rows.row[0], may_be_nan ? v_min(number, last) : number, &c0, &c1, &c2, &c3);
  const v centre = v_sub(number, start), d = v_low_half(c3);
  v from_centre = v_sub(a, centre);
  if (rows.shift != 0) /* not moved - centre, because `moved` may be rounded */
    from_centre = v_sub(v_sub(from_centre, v_set(rows.shift)), d);
  const v t = has_low ? v_add(from_centre, low) : from_centre;
  const v inner = v_fma(c3, t, c2), p = v_fma(inner, t, c1);
  const v at_0 = v_mul(d, a), beside = v_fma(p, t, at_0), minus = v_sub(v_set(0), beside);
  const v2 without = v2_sum_of_any(at_0, minus);
  const v at_0_low = v_fma(d, a, v_sub(v_set(0), at_0));
  const v lost = v_add(v_fma(p, t, without.hi), v_add(without.lo, at_0_low));
  const v hi = rows.shift == 0 ? v_add(c0, beside) : v_fma(p, t, c0);
  const v rest = rows.shift == 0 ? v_sub(beside, v_sub(hi, c0)) : v_fma(p, t, v_sub(c0, hi));
  if (!has_low)
    return (v_sum){hi, rest, lost};
  /* t was rounded: what it lost, times the derivative without a term in t^2 */
  const v t_low = v_sub(low, v_sub(t, from_centre));
  const v f_low = v_fma(v_fma(inner, t, p), t_low, rest), sum = v_add(hi, f_low);
  return (v_sum){sum, v_sub(f_low, v_sub(sum, hi)), v_set(0)};
}

#define v_pieces(table, a) v_rows_of(*(table), v_min(v_set((table)->limit), a), v_set(0), 0, 1)
#define v_pieces_at(table, a, low) v_rows_of(*(table), v_min(v_set((table)->limit), a), low, 1, 1)
#define v_pieces_of_abs(table, x)                                                                  \
  v_rows_of(*(table), v_min(v_abs(x), v_set((table)->limit)), v_set(0), 0, 0)

#endif
