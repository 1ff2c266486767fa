"""Fits the coefficients for float32: python fit_f32.py NAME prints coeffs/NAME_f32.h, and with the
argument `rows` coeffs/NAME_rows.h.

The coefficients are those of a piecewise polynomial over a in [lo, limit] (math/parts/piecewise.h).
lo is 0 unless the function has no symmetry. In each piece,

    f(a) = c0 + t * (c1 + t * (c2 + ...)),   t = a - centre.

This is for instruction sets that look up 32 floats at once; for the others, rows.py has narrower
pieces. Three choices keep the error close to the half ULP of the last rounding:
- Each centre is chosen among thousands of floats, such that the low coefficients lie next to floats
  and rounding them costs almost nothing (after Gal, "An accurate elementary mathematical library
  for the IEEE floating point standard", ACM TOMS 17, 1991).
- A piece that holds a zero of f has the zero as its centre, and the piece at 0 has the centre 0. So
  the relative error stays small there, also for a tiny a.
- The map from a to its piece makes the errors of the pieces similar (search_maps_f32.py).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import fit_tail
import numpy as np
from exact import (
    arb,
    ctx,
    elu,
    gelu,
    gelu_grad,
    gelu_grad2,
    gelu_quick,
    gelu_quick_grad,
    gelu_tanh,
    gelu_tanh_grad,
    log_ndtr,
    ndtr,
    phi_over_ndtr,
    sigmoid,
    sigmoid_grad,
    silu,
    silu_grad,
    softplus,
    tanh_grad,
    zero_of,
)
from interpolation import chebyshev_nodes, interpolate, minimax, through
from maps_f32 import MAPS, SCALES
from rows import Rows, fma, half_ulp

ctx.prec = 200


@dataclass(frozen=True)
class Layout:
    pieces: int
    degree: int
    exact_coefficients: int  # how many coefficients must lie next to floats
    shares: tuple[float, ...]  # where the centre of a piece may be, as shares of its width


LAYOUT = Layout(32, 5, 2, (0.5, 0.35, 0.25))


@dataclass(frozen=True)
class Spec:
    f: Callable
    limit: float  # pieces cover [lo, limit]
    zero: Callable | None = None  # returns the zero of f inside (0, limit), if it has one
    doc: str = ""
    slope: float = 0.0  # if not 0, the piece at 0 may hold f(a) - slope * a
    rows_limit: float = 0.0  # the limit of the rows, if not that of the pieces
    lo: float = 0.0


SPECS = {
    "gelu": Spec(lambda a: -gelu(-a), 5.4, doc="-gelu(-a)", slope=0.5),
    "gelu_grad": Spec(
        lambda a: gelu_grad(-a), 5.0, lambda: -zero_of(gelu_grad, -0.8, -0.7), "gelu_grad(-a)"
    ),
    "gelu_grad2": Spec(gelu_grad2, 5.0, lambda: arb(2).sqrt(), "gelu_grad2(a)"),
    "gelu_tanh": Spec(lambda a: -gelu_tanh(-a), 5.0, doc="-gelu_tanh(-a)", slope=0.5),
    "gelu_tanh_grad": Spec(
        lambda a: gelu_tanh_grad(-a),
        4.7,
        lambda: -zero_of(gelu_tanh_grad, -0.8, -0.7),
        "gelu_tanh_grad(-a)",
    ),
    "erf": Spec(lambda a: a.erf(), 4.2, doc="erf(a)", slope=1.0),
    "erfc": Spec(lambda a: a.erfc(), 3.84, doc="erfc(a)", rows_limit=5.0),
    "ndtr": Spec(lambda a: ndtr(-a), 5.43, doc="ndtr(-a)"),
    "log_ndtr": Spec(log_ndtr, 4.1, doc="log_ndtr(a)", lo=-5.0),
    "log_ndtr_grad": Spec(phi_over_ndtr, 4.1, doc="log_ndtr_grad(a)", lo=-5.0),
    "tanh": Spec(lambda a: a.tanh(), 10.0, doc="tanh(a)", slope=1.0),
    "sigmoid": Spec(lambda a: sigmoid(-a), 11.0, doc="sigmoid(-a)"),
    "silu": Spec(lambda a: -silu(-a), 11.0, doc="-silu(-a)", slope=0.5),
    "gelu_quick": Spec(lambda a: -gelu_quick(-a), 6.5, doc="-gelu_quick(-a)", slope=0.5),
    "silu_grad": Spec(
        lambda a: silu_grad(-a), 11.0, lambda: -zero_of(silu_grad, -1.3, -1.2), "silu_grad(-a)"
    ),
    "gelu_quick_grad": Spec(
        lambda a: gelu_quick_grad(-a),
        6.5,
        lambda: -zero_of(gelu_quick_grad, -0.8, -0.7),
        "gelu_quick_grad(-a)",
    ),
    "sigmoid_grad": Spec(sigmoid_grad, 11.0, doc="sigmoid_grad(a)"),
    "tanh_grad": Spec(tanh_grad, 5.5, doc="tanh_grad(a)"),
    "softplus": Spec(lambda a: softplus(-a), 11.0, doc="softplus(-a)"),
    "elu": Spec(lambda a: -elu(-a), 17.5, doc="-elu(-a)", slope=1.0),
}


def to_f32(x):
    return np.float32(float(x.mid()))


@dataclass(frozen=True)
class Map:
    """Numbers the pieces for a in [lo, limit]: the bits of start + a * (rate + curve * a), shifted
    right. If that falls as a grows, the numbers are negated, so that they grow with a."""

    start: np.float32
    rate: np.float32
    curve: np.float32
    shift: int

    def number(self, a):
        start, rate, curve, a = np.float64((self.start, self.rate, self.curve, a))
        k = np.float32(start + a * (rate + curve * a))
        return int(np.copysign(1, rate)) * (int(k.view(np.int32)) >> self.shift)


@dataclass(frozen=True)
class Interval:
    """The interval that one piece covers."""

    number: int
    lo: float
    hi: float
    centre: object = None  # a number if it is given: at 0 and at a zero of f
    slope: float = 0.0  # c0 is slope * a instead of a number


def intervals(spec, layout, chosen, zero):
    """The intervals of the pieces, as the map numbers them."""
    lo = spec.lo
    for number in range(chosen.number(lo), chosen.number(spec.limit) + 1):
        hi = spec.limit
        if chosen.number(hi) > number:
            below, above = lo, spec.limit
            while above - below > 1e-9:
                middle = (below + above) / 2
                if chosen.number(middle) > number:
                    above = middle
                else:
                    below = middle
            hi = above
        if hi == lo:
            continue
        centre, slope = None, 0.0
        if lo <= 0 < hi:
            centre, slope = arb(0), spec.slope
        elif zero is not None and lo <= float(zero) <= hi:
            centre = arb(float(to_f32(zero)))
        yield Interval(number, lo, hi, centre, slope)
        lo = hi


def constrained(spec, layout, piece, best):
    """The coefficients of a piece with a given centre: c0 is f(centre), or 0 if the piece has a
    slope, so that the relative error stays small next to a zero of f."""
    slope = arb(piece.slope)

    def f(a):
        return spec.f(a) - slope * a

    c0 = f(piece.centre)

    def rest(t):
        return (f(piece.centre + t) - c0) / t

    lo, hi = arb(piece.lo) - piece.centre, arb(piece.hi) - piece.centre
    if piece.slope and abs(float(rest(arb(2) ** -40))) < 1e-6:  # c1 is 0 too
        nodes = chebyshev_nodes(lo, hi, layout.degree - 1)
        return [c0, arb(0), *through(lambda t: rest(t) / t, nodes)]
    if piece.slope or not best:
        nodes = chebyshev_nodes(lo, hi, layout.degree)
        return [c0, *through(rest, [t if abs(float(t)) > 1e-9 else arb(2) ** -20 for t in nodes])]
    return [c0, *minimax(rest, lo, hi, layout.degree - 1)]


def shifted(c, offset):
    """The coefficients of the same polynomial about a centre that is larger by `offset`."""
    c = list(c)
    for done in range(len(c) - 1):
        for k in reversed(range(done, len(c) - 1)):
            c[k] = c[k] + offset * c[k + 1]
    return c


def coefficients(spec, layout, piece, centre, best=False):
    """The coefficients of a piece about the centre, before rounding."""
    if piece.centre is not None:
        return constrained(spec, layout, piece, best)
    fit = minimax if best else interpolate
    middle = arb((piece.lo + piece.hi) / 2)
    lo, hi = arb(piece.lo) - middle, arb(piece.hi) - middle
    return shifted(fit(lambda t: spec.f(middle + t), lo, hi, layout.degree), centre - middle)


def error(spec, piece, centre, c, points):
    """(largest error with exact arithmetic, the same with the rounding errors of the steps), in
    ULP."""
    worst = total = 0.0
    lo = arb(start_of(piece))
    for i in range(points + 1):
        a = lo + (arb(piece.hi) - lo) * i / points
        t, exact = a - centre, spec.f(a)
        if abs(float(t)) < 1e-4:
            continue
        y, rounded = arb(0), []
        for k in reversed(range(len(c))):
            y = y * t + c[k]
            rounded.append(half_ulp(float(y)) * abs(float(t)) ** k)
        ulp = 2 * half_ulp(float(exact))
        miss = abs(float(y + piece.slope * a - exact)) / ulp
        steps = sum(rounded[1:-1]) / ulp
        worst, total = max(worst, miss), max(total, miss + steps)
    return worst, total


def start_of(piece):
    """Where to begin to measure a piece: not at 0, where f may be 0."""
    return piece.lo or 1e-3


def piece_errors(spec, layout, piece, points):
    """Yields (error with roundings, centre) for every centre that the piece may have."""
    if piece.centre is not None:
        centres = [piece.centre]
    else:
        centres = [arb(piece.lo + share * (piece.hi - piece.lo)) for share in layout.shares]
    for centre in centres:
        c = coefficients(spec, layout, piece, centre)
        yield error(spec, piece, centre, c, points)[1] + inexact(piece, centre), centre


def inexact(piece, centre):
    """Whether a - centre is rounded: it is not within a factor of two."""
    return piece.centre is None and not all(
        1 / 1.95 < end / float(centre) < 1.95 for end in (piece.lo, piece.hi)
    )


def piece_at_zero(spec, layout, piece):
    """(centre, coefficients as floats) of the piece that holds a zero of f. It chooses among the
    floats next to the zero, and the ways to round c1, c2 and c3 up or down, by the largest error of
    the results, including those next to the zero, where f is so small that the roundings of c0 and
    c1 matter."""
    a = sample(piece)
    exact, ulp = values(spec, a)
    best = (1e9, None, None)
    for centre in (arb(float(x)) for x in neighbours(piece.centre, 6)):
        moved = replace(piece, centre=centre)
        c0, *rest = coefficients(spec, layout, moved, centre, best=True)
        ways = [
            [
                rounded := to_f32(x),
                np.nextafter(rounded, np.float32(np.sign(float(x - float(rounded))) * 9)),
            ]
            for x in rest[:3]
        ]
        for way in product(*ways):
            c = [to_f32(c0), *way, *(to_f32(x) for x in rest[3:])]
            worst = np.max(np.abs(computed(moved, centre, c, a) - exact) / ulp)
            best = min(best, (worst, centre, c), key=lambda each: each[0])
    return best[1:]


def neighbours(x, reach):
    nearest = np.float32(float(x))
    return nearest + np.spacing(nearest) * np.arange(-reach, reach + 1, dtype=np.float32)


def sample(piece):
    """Floats of the piece, including those around a zero of f."""
    a = np.linspace(start_of(piece), piece.hi, 2000).astype(np.float32)
    return np.concatenate([neighbours(piece.centre, 24), a]) if piece.lo and piece.centre else a


def values(spec, a):
    """f at each of the floats a, as doubles, and an ULP of each."""
    exact = np.array([float(spec.f(arb(float(x)))) for x in a])
    return exact, np.ldexp(1.0, np.frexp(exact)[1] - 24)


def place_centre(spec, layout, piece):
    """The float near the best centre for which rounding the low coefficients costs least."""
    if piece.centre is not None:
        return piece.centre
    _, best = min(piece_errors(spec, layout, piece, 16), key=lambda pair: pair[0])
    middle = to_f32(best)
    reach = max(piece.hi - float(middle), float(middle) - piece.lo)
    span = min(400000, int((piece.hi - piece.lo) / 16 / abs(float(np.spacing(middle)))))
    pattern = middle.view(np.int32)
    candidates = np.arange(pattern - span, pattern + span, dtype=np.int32).view(np.float32)
    offset = candidates.astype(np.float64) - float(middle)
    exact = coefficients(spec, layout, piece, arb(float(middle)), best=True)
    about = np.array([float(c.mid()) for c in exact])
    scale = np.abs(np.polynomial.polynomial.polyval(offset, about))
    misses = np.zeros(len(candidates))
    for k in range(layout.exact_coefficients):
        values = np.polynomial.polynomial.polyval(offset, about)
        miss = np.abs(values.astype(np.float32) - values)
        misses += miss * reach**k / scale
        about = np.polynomial.polynomial.polyder(about) / (k + 1)
    return arb(float(candidates[np.argmin(misses)]))


def rounded(spec, layout, piece, centre):
    """The coefficients as floats. A piece at 0 cannot choose its centre, so rounding its
    coefficients costs more. They are rounded one after the other; after each, the higher ones are
    fitted again to compensate for it, in the outer part of the piece, where their own rounding
    costs most."""
    c = coefficients(spec, layout, piece, centre, best=True)
    if piece.lo > 0 or piece.centre is None:
        return [to_f32(x) for x in c]
    c = [to_f32(c[0])]
    nodes = chebyshev_nodes(arb(piece.lo or piece.hi / 4), arb(piece.hi), layout.degree)
    if piece.lo < 0:  # the inner ones come first and are left out
        nodes.sort(key=lambda t: abs(float(t)))
    for k in range(1, layout.degree + 1):

        def rest(t, fixed=tuple(c)):
            known = sum((arb(float(x)) * t**i for i, x in enumerate(fixed)), arb(piece.slope) * t)
            return (spec.f(centre + t) - known) / t ** len(fixed)

        c.append(to_f32(through(rest, nodes[k - 1 :])[0]))
        if k == 1 and piece.slope and abs(c[1]) < 1e-5:  # 0, except for the sign of an underflow
            c[1] = np.float32(2.0**-100)
    return c


def place_piece(spec, layout, piece):
    """(centre, coefficients as floats, (error with exact arithmetic, with rounding errors))"""
    if piece.lo > 0 and piece.centre is not None:
        centre, c = piece_at_zero(spec, layout, piece)
    else:
        centre = place_centre(spec, layout, piece)
        c = rounded(spec, layout, piece, centre)
    if piece.slope:
        c[0] = np.float32(0)
    return centre, c, error(spec, piece, centre, [arb(float(x)) for x in c], 24)


def make(spec, layout, chosen):
    """([(centre, coefficients)] of all pieces, their error, the end of the piece at 0)"""
    pieces, worst, first_end = {}, 0.0, None
    for piece in intervals(spec, layout, chosen, spec.zero() if spec.zero else None):
        centre, c, errors = place_piece(spec, layout, piece)
        worst = max(worst, errors[0])
        pieces[abs(piece.number) % layout.pieces] = np.float32(float(centre)), c
        if piece.lo == 0:
            first_end = piece.hi
    unused = pieces[abs(piece.number) % layout.pieces]
    return [pieces.get(number, unused) for number in range(layout.pieces)], worst, first_end


def computed(piece, centre, c, a):
    """The results of math/parts/piecewise.h for the floats a."""
    t, p = np.float32(a - np.float32(float(centre))), np.float32(c[-1])
    start = np.float32(piece.slope) * a if piece.slope else np.float32(c[0])
    for k in reversed(range(1, len(c) - 1)):
        p = fma(p, t, np.float32(c[k]))
    return fma(p, t, start)


def main(name):
    spec = SPECS[name]
    rows = Rows(spec, SCALES[name])
    print(f"/* Generated by tools/fit/fit_f32.py {name}; do not edit.")
    print(f" * These are the pieces of {spec.doc} for a in [{spec.lo:g}, limit]. */")
    print('#include "math/parts/pieces.h"')
    print("#ifdef LOOKS_UP_ROWS")
    print(f"extern {declaration(name, rows)};")
    print(f"static const piece_rows {name}_pieces = {{")
    print_range(spec.lo, rows.limit)
    print(f"    .start = {hexfloat(rows.start)},")
    if rows.shift:
        print(f"    .shift = {hexfloat(rows.shift)},")
    print(f"    .row = gf_{name}_rows,")
    print("};")
    print(f"#elif PIECES == {LAYOUT.pieces}")
    print_columns(name, spec)
    print("#endif")


def declaration(name, rows):
    return f"_Alignas(64) const float gf_{name}_rows[{rows.count}][4]"


def main_rows(name):
    spec = SPECS[name]
    rows = Rows(spec, SCALES[name])
    found = [(piece, rows.row(piece)) for piece in rows.pieces()]
    worst = max(rows.error(*each) for each in found)
    print(f"/* Generated by tools/fit/fit_f32.py {name} rows; do not edit.")
    print(f" * These are the rows of {name}_f32.h. A bound for their error is {worst:.3f} ULP. */")
    print(f"{declaration(name, rows)} = {{")
    for _, row in found:
        print(f"    {braces(row)},")
    print("};")


def print_columns(name, spec):
    *k, shift = MAPS[name]
    chosen = Map(*(np.float32(x) for x in k), shift)
    pieces, worst, first_end = make(spec, LAYOUT, chosen)
    print(f"/* With exact arithmetic, the error of these pieces is at most {worst:.3f} ULP. */")
    columns = [[c[k] for _, c in pieces] for k in range(LAYOUT.degree + 1)]
    print(f"static const PIECEWISE({LAYOUT.degree}) {name}_pieces = {{")
    print_range(spec.lo, spec.limit)
    print(f"    .start = {hexfloat(chosen.start)},")
    print(f"    .rate = {hexfloat(chosen.rate)},")
    if chosen.curve:
        print(f"    .curve = {hexfloat(chosen.curve)},")
    print(f"    .shift = {chosen.shift},")
    if spec.slope:
        print(f"    .slope = {hexfloat(spec.slope)},")
        print(f"    .slope_end = {hexfloat(np.nextafter(np.float32(first_end), np.float32(9)))},")
    print(f"    .centre = {braces([centre for centre, _ in pieces])},")
    print("    .c =")
    print("        {")
    for column in columns:
        print(f"            {braces(column)},")
    print("        },")
    print("};")


def print_range(lo, limit):
    if lo:
        print(f"    .lo = {hexfloat(lo)},")
    print(f"    .limit = {hexfloat(limit)},")


def hexfloat(x):
    """A C float constant."""
    return fit_tail.hexfloat(np.float32(x), "f")


def braces(values, text=hexfloat):
    return "{" + ", ".join(text(x) for x in values) + "}"


if __name__ == "__main__":
    name, *rest = sys.argv[1:] or [""]
    if name not in SPECS or rest not in ([], ["rows"]):
        sys.exit(f"usage: python fit_f32.py {{{','.join(SPECS)}}} [rows]")
    (main_rows if rest else main)(name)
