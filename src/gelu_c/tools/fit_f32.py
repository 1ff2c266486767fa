"""Fits the float32 row tables: python fit_f32.py NAME prints coeffs/NAME_f32.h.

A table holds, for a in [0, limit], sixteen rows of a piecewise polynomial (math/parts/rows.h):

    f(a) = c0 + t * (c1 + t * (c2 + ...)),   t = a - centre,   row = round(a * (map1 + a * map2)).

Three things keep the error near the half ULP of the last rounding:
- each centre is searched among thousands of floats for one where f and its slope happen to lie
  next to floats, so that rounding c0 and c1 costs next to nothing (after Gal, "An accurate
  elementary mathematical library for the IEEE floating point standard", ACM TOMS 17, 1991);
- a row that holds a zero of f has it for its centre, and row 0 has 0: relative accuracy survives;
- the map is chosen so that all rows have about the same error.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from exact import (
    arb,
    ctx,
    gelu,
    gelu_grad,
    gelu_grad2,
    gelu_tanh,
    gelu_tanh_grad,
    ndtr,
    sigmoid,
    zero_of,
)
from interpolation import chebyshev_nodes, through

ctx.prec = 200
ROWS = 16
DEGREE = 7


@dataclass(frozen=True)
class Spec:
    f: Callable
    limit: float  # rows cover [0, limit]
    zero: Callable | None = None  # the zero of f inside (0, limit), if it has one
    doc: str = ""
    slope: float = 0  # rows that begin below slope_end hold f(a) - slope * a
    slope_end: float = 0

    def slope_at(self, lo):
        return self.slope if lo < self.slope_end else 0.0


# Near zero an odd function is slope * a plus a small rest: with the slope apart and short, the last
# operation, fma(slope, a, rest), is the only one whose rounding shows.
SPECS = {
    "gelu": Spec(lambda a: -gelu(-a), 6.0, doc="-gelu(-a)"),
    "gelu_grad": Spec(
        lambda a: gelu_grad(-a), 6.2, lambda: -zero_of(gelu_grad, -0.8, -0.7), "gelu_grad(-a)"
    ),
    "gelu_grad2": Spec(gelu_grad2, 6.2, lambda: arb(2).sqrt(), "gelu_grad2(a)"),
    "gelu_tanh": Spec(lambda a: -gelu_tanh(-a), 5.3, doc="-gelu_tanh(-a)"),
    "gelu_tanh_grad": Spec(
        lambda a: gelu_tanh_grad(-a),
        5.5,
        lambda: -zero_of(gelu_tanh_grad, -0.8, -0.7),
        "gelu_tanh_grad(-a)",
    ),
    "erf": Spec(lambda a: a.erf(), 3.95, doc="erf(a)", slope=1.125, slope_end=0.9),
    "erfc": Spec(lambda a: a.erfc(), 4.2, doc="erfc(a)"),
    "ndtr": Spec(lambda a: ndtr(-a), 6.2, doc="ndtr(-a)"),
    "tanh": Spec(lambda a: a.tanh(), 9.7, doc="tanh(a)", slope=1.0, slope_end=0.8),
    "sigmoid": Spec(lambda a: sigmoid(-a), 17.4, doc="sigmoid(-a)"),
}


def to_f32(x):
    return np.float32(float(x.mid()))


def row_edges(map1, map2, limit):
    """Where round(a * (map1 + a * map2)) steps."""

    def inverse(q):
        if map2 == 0:
            return q / map1
        return (-map1 + np.sqrt(map1 * map1 + 4 * map2 * q)) / (2 * map2)

    return [0.0] + [inverse(i + 0.5) for i in range(ROWS - 1)] + [limit]


def without_slope(f, slope, a):
    return f(a) - slope * a


def quotient(f, centre, c0):
    """g(t) = (f(centre + t) - c0) / t"""
    return lambda t: (f(centre + t) - c0) / t


def fit(g, lo, hi, n=DEGREE):
    """Interpolates g at n Chebyshev nodes of [lo, hi], moved off t = 0, where g is 0/0."""
    nodes = chebyshev_nodes(lo, hi, n)
    return through(g, [t if abs(float(t)) > 1e-9 else arb(2) ** -20 for t in nodes])


def error(f, slope, centre, coefficients, lo, hi, points=24, rounding=0.0):
    """Largest relative error of a row, in units of 2^-24; `rounding` is the weight of what the
    rounding of the last factor of t does, which is large in a wide row near a zero of f."""
    worst = 0.0
    for i in range(points + 1):
        a = arb(lo) + (arb(hi) - arb(lo)) * i / points
        exact = f(a)
        if a == 0 or abs(float(a - centre)) < 1e-4:
            continue
        t, y = a - centre, arb(0)
        for c in reversed(coefficients):
            y = y * t + c
        step = abs(float((y - coefficients[0]) / exact)) * rounding
        worst = max(worst, abs(float((y + slope * a - exact) / exact)) * 2**24 + step)
    return worst


def place_centre(spec, f, lo, hi, row, zero):
    """The centre of a row, for f = spec.f less the slope."""
    if row == 0:
        return np.float32(0)
    if zero is not None and lo <= float(zero) <= hi:
        return to_f32(zero)
    middle, best = np.float32((lo + hi) / 2), None
    candidate = middle
    for _ in range(3000):
        candidate = np.nextafter(candidate, np.float32(100))
        a = arb(float(candidate))
        c0 = f(a)
        h = arb(2) ** -60
        c1 = (f(a + h) - f(a - h)) / (2 * h)
        scale = spec.f(a)
        miss0 = abs(float((arb(float(to_f32(c0))) - c0) / scale))
        miss1 = abs(float((arb(float(to_f32(c1))) - c1) / scale)) * (hi - lo) / 2
        if best is None or miss0 + miss1 < best[0]:
            best = (miss0 + miss1, candidate)
    return best[1]


def choose_map(spec, zero):
    """The bend of the map that makes the worst row best, before coefficients are rounded."""

    @cache
    def cost(bend):
        map1, map2 = maps(bend, spec.limit)
        edges = row_edges(map1, map2, spec.limit)
        worst = 0.0
        for row in range(ROWS):
            lo, hi = edges[row], edges[row + 1]
            centre = arb(0) if row == 0 else arb((lo + hi) / 2)
            if zero is not None and lo <= float(zero) <= hi:
                centre = zero
            c0 = spec.f(centre)
            tail = fit(quotient(spec.f, centre, c0), arb(lo) - centre, arb(hi) - centre)
            worst = max(worst, error(spec.f, 0, centre, [c0, *tail], lo, hi, 12, 0.4))
        return worst

    return min((i / 20 for i in range(21)), key=cost)


def maps(bend, limit):
    """Row numbers reach ROWS - 0.51 at the limit; bend is the quadratic term's share of that."""
    top = ROWS - 0.51
    return float(np.float32((1 - bend) * top / limit)), float(np.float32(bend * top / limit**2))


def absorb_rounding_of_slope(g, c1, hi):
    """Row 0 cannot choose its centre, so its slope rounds badly: the higher coefficients are fitted
    again to make up for that in the outer part of the row, where their own rounding hurts most."""
    c1 = arb(float(to_f32(c1)))
    return [c1, *fit(lambda t: (g(t) - c1) / t, arb(hi) / 4, arb(hi), DEGREE - 1)]


def make(name):
    spec = SPECS[name]
    zero = spec.zero() if spec.zero else None
    map1, map2 = maps(choose_map(spec, zero), spec.limit)
    edges = row_edges(map1, map2, spec.limit)
    rows, worst = [], 0.0
    for row in range(ROWS):
        lo, hi = edges[row], edges[row + 1]
        slope = arb(spec.slope_at(lo))
        f = partial(without_slope, spec.f, slope)
        centre = place_centre(spec, f, lo, hi, row, zero)
        exact_centre = arb(float(centre))
        c0 = f(exact_centre)
        g = quotient(f, exact_centre, c0)
        tail = fit(g, arb(lo) - exact_centre, arb(hi) - exact_centre)
        if row == 0:
            tail = absorb_rounding_of_slope(g, tail[0], hi)
        coefficients = [to_f32(c) for c in (c0, *tail)]
        rounded = [arb(float(c)) for c in coefficients]
        worst = max(worst, error(spec.f, slope, exact_centre, rounded, max(lo, 1e-3), hi))
        rows.append((centre, coefficients))
    return spec, map1, map2, rows, worst


def main(name):
    spec, map1, map2, rows, worst = make(name)
    print(f"/* Generated by tools/fit_f32.py {name}; do not edit.")
    print(f" * {spec.doc} for a in [0, {spec.limit}]; coefficients rounded, arithmetic exact:")
    print(f" * within {worst:.3f} * 2^-24. */")
    columns = [[c[k] for _, c in rows] for k in range(DEGREE + 1)]
    print(f"static const gf_rows {name}_rows = {{")
    print(f"    .limit = {hexfloat(spec.limit)},")
    print(f"    .map = {{{hexfloat(map1)}, {hexfloat(map2)}}},")
    print(f"    .centre = {braces([centre for centre, _ in rows])},")
    print("    .c =")
    print("        {")
    for column in columns:
        print(f"            {braces(column)},")
    print("        },")
    print("};")
    if spec.slope:
        edges = row_edges(map1, map2, spec.limit)
        slopes = braces([spec.slope_at(lo) for lo in edges[:ROWS]])
        print(f"static const _Alignas(64) float {name}_slopes[16] = {slopes};")


def hexfloat(x):
    """A C float constant, without the zeros that Python pads to a double's length."""
    if x == 0:
        return "0.0f"
    mantissa, exponent = float(np.float32(x)).hex().split("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}f"


def braces(values):
    return "{" + ", ".join(hexfloat(v) for v in values) + "}"


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SPECS:
        sys.exit(f"usage: python fit_f32.py {{{','.join(SPECS)}}}")
    main(sys.argv[1])
