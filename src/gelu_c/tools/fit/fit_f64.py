"""Fits the coefficients for float64: python fit_f64.py NAME prints coeffs/NAME_f64.h.

The method is that of fit_f32.py, with 53 bits. Except at 0 and at a zero of f, the centre of a
piece is chosen among many doubles, such that the low coefficients lie next to doubles (after Gal).
"""

import sys
from dataclasses import dataclass, replace
from itertools import product
from math import comb

import numpy as np
from exact import arb
from fit_f32 import SPECS, Layout, braces, coefficients, intervals, shifted
from fit_tail import hexfloat
from flint import arb_mat
from interpolation import chebyshev_nodes, value
from maps_f64 import MAPS

SHARES = tuple(i / 10 for i in range(1, 10))  # where the centre of a piece may be
CANDIDATES = 2**16  # for a centre, on either side
NEXT_TO_DOUBLES = 3  # coefficients whose rounding the choice of a centre weighs


@dataclass(frozen=True)
class Map:
    """Numbers the pieces for a in [lo, limit]: the bits of start + a * (rate + curve * a), shifted
    right. If that falls as a grows, the numbers are negated, so that they grow with a."""

    start: float
    rate: float
    curve: float
    shift: int

    def number(self, a):
        k = np.float64(self.start + a * (self.rate + self.curve * a))
        return int(np.copysign(1, self.rate)) * (int(k.view(np.int64)) >> self.shift)


def to_f64(x):
    return float(x.mid())


def arbs(c):
    return [arb(x) for x in c]


def half_ulp(x):
    return np.ldexp(1.0, np.frexp(np.abs(x))[1] - 54)


def zero_of_pieces(spec):
    """The double next to the zero of f, if it has one."""
    return to_f64(spec.zero()) if spec.zero else None


def pieces_of(spec, layout, chosen):
    """The intervals of the pieces, as the map numbers them."""
    zero = zero_of_pieces(spec)
    for piece in intervals(spec, layout, chosen, None if zero is None else arb(zero)):
        at_zero = piece.lo > 0 and piece.centre is not None
        yield replace(piece, centre=arb(zero)) if at_zero else piece


def steps(c, t):
    """(a polynomial without c0, divided by t; the largest sum of the roundings on the way, as they
    show in the polynomial), in the order of math/parts/piecewise.h."""
    degree, size = len(c) - 1, abs(t)
    p, rounded = c[degree], 0.0
    if degree % 2 == 0:
        p = p * t + c[degree - 1]
        rounded = half_ulp(p) * size ** (degree - 1)
    for k in range((degree - 1) // 2 * 2, 2, -2):
        pair, higher = c[k] * t + c[k - 1], p * t * t
        p = pair + higher
        roundings = half_ulp(pair) + half_ulp(p) + abs(higher) * 2.0**-53  # the last: t * t
        rounded += roundings * size ** (k - 1)
    inner = p * t + c[2]
    p = inner * t + c[1]
    return p, rounded + half_ulp(inner) * size**2 + half_ulp(p) * size


def error(spec, piece, centre, c, points=24):
    """(largest error with exact arithmetic, the same with all roundings), in ULP. The roundings of
    c0 and c1 are left out, because the other coefficients make up for them."""
    lo = piece.lo or piece.hi / 1e3
    worst = total = 0.0
    known = np.array([to_f64(x) for x in c])
    for i in range(points + 1):
        a = arb(lo) + (arb(piece.hi) - arb(lo)) * i / points
        t, exact = a - centre, spec.f(a)
        size = abs(float(t))
        if size < 1e-4:
            continue
        p, rounded = steps(known, float(t))
        rounded += sum((half_ulp(known) * size ** np.arange(len(c)))[2:])
        within_half_and_twice = abs(float(a - 1.25 * centre)) <= 0.75 * abs(float(centre))
        if piece.centre is None and not within_half_and_twice:  # t is rounded
            rounded += half_ulp(size) * abs(p)
        ulp = 2 * half_ulp(float(exact))
        miss = abs(float(value(c, t) + piece.slope * a - exact)) / ulp
        worst, total = max(worst, miss), max(total, miss + rounded / ulp + 0.5)
    return worst, total


def is_at_0(piece):
    return piece.lo <= 0 < piece.hi


def starts_above(spec, centre, first_end):
    """Whether c0 of the second piece is above the slope of the first (math/parts/piecewise.h)."""
    return not spec.slope or spec.slope * first_end <= to_f64(spec.f(centre))


def best_centre(spec, layout, piece, points=8):
    """(error, centre) of the best centre."""
    if piece.centre is not None:
        c = (
            piece_at_0(spec, layout, piece)
            if is_at_0(piece)
            else coefficients(spec, layout, piece, None)
        )
        return error(spec, piece, piece.centre, arbs(c), points)[1], piece.centre
    c = coefficients(spec, layout, piece, arb(piece.lo))
    centres = [arb(piece.lo + share * (piece.hi - piece.lo)) for share in layout.shares]
    return min(
        ((error(spec, piece, x, shifted(c, x - piece.lo), points)[1], x) for x in centres),
        key=lambda pair: pair[0],
    )


def gal_centre(spec, layout, piece):
    """The double near the best centre for which rounding the low coefficients costs least."""
    base = to_f64(best_centre(spec, layout, piece)[1])
    exact = fitted(spec, layout, piece, arb(base))
    reach = max(piece.hi - base, base - piece.lo)
    ulps = [2 * half_ulp(float(x)) for x in exact]
    # c0 moves by 16.618 ULP from one to the next, so it takes all positions between two doubles
    step = float(np.spacing(base))
    span = min((piece.hi - piece.lo) / 8, 16.618 * CANDIDATES * ulps[0] / abs(float(exact[1])))
    offset = step * np.rint(np.arange(-CANDIDATES, CANDIDATES + 1) * span / step / CANDIDATES)
    misses = np.zeros(len(offset))
    for i in range(NEXT_TO_DOUBLES):
        c = [float(comb(k, i) * exact[k] / ulps[i]) for k in range(i, len(exact))]
        c[0] = float((exact[i] - to_f64(exact[i])) / ulps[i])
        at = np.polynomial.polynomial.polyval(offset, c)
        misses += np.abs(at - np.rint(at)) * ulps[i] * reach**i
    return base + float(offset[np.argmin(misses)])


def two_product(a, b):
    """a * b as a double and its rounding error (Dekker)."""

    def halves(x):
        high = x * 134217729.0
        high = high - (high - x)
        return high, x - high

    p, (a1, a2), (b1, b2) = a * b, halves(a), halves(b)
    return p, a2 * b2 - (((p - a1 * b1) - a2 * b1) - a1 * b2)


def fma(a, b, c):
    """a * b + c, rounded once (except for ties within 2^-100)."""
    p, low = two_product(a, b)
    s = p + c
    p_part = s - c
    return s + ((p - p_part) + (c - (s - p_part)) + low)


def computed(piece, centre, c, a):
    """The results of math/parts/piecewise.h for the doubles a."""
    degree, t = len(c) - 1, a - centre
    p = np.full_like(a, c[degree])
    if degree % 2 == 0:
        p = fma(p, t, c[degree - 1])
    for k in range((degree - 1) // 2 * 2, 2, -2):
        p = fma(p, t * t, fma(t, c[k], c[k - 1]))
    p = fma(fma(p, t, c[2]), t, c[1])
    return fma(p, t, piece.slope * a + c[0])


def errors_in_ulp(spec, piece, centre, c, a, exact):
    got = computed(piece, centre, c, a)
    return np.max(np.abs((got - exact[0]) - exact[1]) / (2 * half_ulp(exact[0])))


def two_words(spec, a):
    exact = [spec.f(arb(float(x))) for x in a]
    high = np.array([to_f64(x) for x in exact])
    return high, np.array([to_f64(x - h) for x, h in zip(exact, high.tolist(), strict=True)])


def neighbours(x, reach):
    return x + np.spacing(x) * np.arange(-reach, reach + 1)


def both_ways(x):
    """The doubles on both sides of x."""
    nearest = to_f64(x)
    return nearest, float(np.nextafter(nearest, np.copysign(np.inf, float(x - nearest))))


def piece_at_zero(spec, layout, piece):
    """(centre, coefficients) of the piece that holds a zero of f. It chooses among the doubles next
    to the zero, and the ways to round c1 and c2 up or down, by the largest error of the results,
    including those next to the zero, where f is so small that the roundings of c0 and c1 matter."""
    zero = to_f64(piece.centre)
    near = [zero + sign * np.geomspace(1e-14, 1e-3, 100) for sign in (-1, 1)]
    a = np.concatenate([neighbours(zero, 60), *near, np.linspace(piece.lo, piece.hi, 300)])
    exact, best = two_words(spec, a), (1e9, None, None)
    for centre in neighbours(zero, 6).tolist():
        c0, c1, c2, *_ = coefficients(spec, layout, replace(piece, centre=arb(centre)), None, True)
        for ways in product(both_ways(c1), both_ways(c2)):
            given = dict(enumerate((to_f64(c0), *ways)))
            c = rounded(spec, layout, piece, arb(centre), given)
            worst = errors_in_ulp(spec, piece, centre, c, a, exact)
            best = min(best, (worst, centre, c), key=lambda each: each[0])
    return best[1:]


def least_squares(nodes, values, powers):
    """The factors of these powers whose sum is closest to the values, by relative error."""
    terms = arb_mat([[t**k / y for k in powers] for t, y in zip(nodes, values[1], strict=True)])
    wanted = arb_mat([[x / y] for x, y in zip(*values, strict=True)])
    found = (terms.transpose() * terms).solve(terms.transpose() * wanted)
    return [found[i, 0] for i in range(len(powers))]


def sampled(spec, layout, piece, centre):
    """Offsets from the centre over the whole piece, and f there."""
    lo, hi = arb(piece.lo) - centre, arb(piece.hi) - centre
    nodes = chebyshev_nodes(lo, hi, 3 * layout.degree)
    return nodes, [spec.f(centre + t) for t in nodes]


def fitted(spec, layout, piece, centre):
    """The coefficients of a piece, before rounding."""
    nodes, values = sampled(spec, layout, piece, centre)
    return least_squares(nodes, (values, values), range(layout.degree + 1))


def rounded(spec, layout, piece, centre, given=()):
    """The coefficients of a piece as doubles. They are rounded one after the other, except those
    that are given; after each, the higher ones are fitted again to compensate for it."""
    nodes, values = sampled(spec, layout, piece, centre)
    left = [y - piece.slope * (centre + t) for t, y in zip(nodes, values, strict=True)]
    c = []
    for k in range(layout.degree + 1):
        if k in given:
            c.append(given[k])
        else:
            c.append(to_f64(least_squares(nodes, (left, values), range(k, layout.degree + 1))[0]))
        left = [y - c[k] * t**k for t, y in zip(nodes, left, strict=True)]
    return c


def piece_at_0(spec, layout, piece):
    """The coefficients of the piece at 0, where c0 needs no rounding. A c1 of 0 becomes a
    negligible number, which keeps sums from underflowing."""
    at_0 = to_f64(spec.f(arb(0)))
    given = {0: 0.0 if piece.slope else at_0}
    if abs(float((spec.f(arb(2) ** -40) - at_0) * arb(2) ** 40 - piece.slope)) < 1e-9:
        given[1] = 2.0**-100
    return rounded(spec, layout, piece, arb(0), given)


def place_piece(spec, layout, piece):
    """(centre, coefficients as doubles, (error with exact arithmetic, with roundings))"""
    if is_at_0(piece):
        centre, c = 0.0, piece_at_0(spec, layout, piece)
    elif piece.centre is not None:
        centre, c = piece_at_zero(spec, layout, piece)
    else:
        centre = gal_centre(spec, layout, piece)
        c = rounded(spec, layout, piece, arb(centre))
    return centre, c, error(spec, piece, arb(centre), arbs(c))


def make(spec, layout, chosen):
    """([[centre, *coefficients]] of all pieces, their error, the end of the piece at 0)"""
    pieces, worst, first_end = {}, 0.0, None
    for i, piece in enumerate(pieces_of(spec, layout, chosen)):
        centre, c, errors = place_piece(spec, layout, piece)
        worst = max(worst, errors[0])
        pieces[abs(piece.number) % layout.pieces] = [centre, *c]
        if piece.lo == 0:
            first_end = piece.hi
        if i == 1 and not starts_above(spec, arb(centre), first_end):
            sys.exit("the second piece's c0 is below the slope")
    unused = pieces[abs(piece.number) % layout.pieces]
    return [pieces.get(number, unused) for number in range(layout.pieces)], worst, first_end


def shares_of(spec):
    """Where centres may be. With a slope, a low centre of the second piece could fail
    starts_above."""
    return SHARES[3:] if spec.slope else SHARES


def layout_of(name, pieces):
    limit, degree, *k, shift = MAPS[name, pieces]
    spec = replace(SPECS[name], limit=limit)
    return spec, Layout(pieces, degree, 0, shares_of(spec)), Map(*k, shift)


def print_fields(fields):
    for name, x in fields.items():
        print(f"    .{name} = {hexfloat(x)},")


def main(name):
    print(f"/* Generated by tools/fit/fit_f64.py {name}; do not edit.")
    print(f" * These are the pieces of {SPECS[name].doc} for a in [{SPECS[name].lo:g}, limit]. */")
    for count, word in ((16, "if"), (128, "elif")):
        spec, layout, chosen = layout_of(name, count)
        pieces, worst, first_end = make(spec, layout, chosen)
        print(f"#{word} PIECES == {count}")
        print('#include "math/parts/pieces.h"')
        print(f"/* With exact arithmetic, the error of these pieces is at most {worst:.3f} ULP. */")
        print(f"static const PIECEWISE({layout.degree}) {name}_pieces = {{")
        fields = {"lo": spec.lo} if spec.lo else {}
        fields |= {"limit": spec.limit, "start": chosen.start, "rate": chosen.rate}
        if chosen.curve:
            fields["curve"] = chosen.curve
        slope = {"slope": spec.slope, "slope_end": np.nextafter(first_end, 9)} if spec.slope else {}
        print_fields(fields)
        print(f"    .shift = {chosen.shift},")
        print_fields(slope)
        if count == 16:
            print(f"    .centre = {braces([centre for centre, *_ in pieces], hexfloat)},")
            print("    .c =")
            lines = list(zip(*pieces, strict=True))[1:]
        else:
            print("    .piece =")
            lines = pieces
        print("        {")
        for line in lines:
            print(f"            {braces(line, hexfloat)},")
        print("        },")
        print("};")
    print("#endif")


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in SPECS:
        sys.exit(f"usage: python fit_f64.py {{{','.join(SPECS)}}}")
    main(name)
