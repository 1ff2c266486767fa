"""Searches for the maps of maps_f64.py: python search_maps_f64.py NAME PIECES DEGREE LIMIT.

The error of a piece is tabulated once, by its middle and its width. Then the maps that are best by
this table are measured. Maps without a curve are good enough, and save an FMA.
"""

import sys
from dataclasses import replace
from itertools import product

import numpy as np
from exact import arb
from fit_f32 import SPECS, Interval, Layout
from fit_f64 import Map, best_centre, pieces_of, shares_of, starts_above, zero_of_pieces

FIRST_PIECES = np.linspace(0.05, 0.999, 20)  # the width of the first, as a share of the next
LIKELY = 24  # maps that are measured


def maps_for(pieces, spec):
    """Yields (a map that uses all pieces for [lo, limit], the ends of its pieces)."""
    for parts in 2 ** np.arange(pieces.bit_length()):  # how many pieces have the same exponent
        shift = 53 - int(parts).bit_length()
        places = range(0, parts, max(1, parts // 16))
        for place, fraction, sign in product(places, FIRST_PIECES, (-1, 1)):
            start = 1 + (place + (fraction if sign < 0 else 1 - fraction)) / parts
            first = int(np.float64(start).view(np.int64)) >> shift
            numbers = first + sign * np.arange(pieces) + (sign > 0)
            ends = (numbers << shift).view(np.float64)
            span = (ends[-1] - start) * (1 - 1e-9)
            rate = float(span / (spec.limit - spec.lo))
            if ends[-1] > 0:
                at_0, borders = start - spec.lo * rate, spec.lo + (ends - start) / rate
                yield Map(float(at_0), rate, 0.0, shift), np.append(spec.lo, borders)


def tabulate(spec, layout, widths):
    """log2 of the error, by middle and log2 of width; pieces keep away from a zero of f."""
    zero = zero_of_pieces(spec)
    middles = np.linspace(spec.lo or spec.limit / 100, spec.limit, 50)
    table = np.empty((len(middles), len(widths)))
    for i, middle in enumerate(middles):
        for j, width in enumerate(widths):
            half = 2.0**width / 2
            if zero is not None and abs(middle - zero) < 2 * half:
                middle = zero + np.copysign(2 * half, middle - zero)
            lo = middle - half if spec.lo else max(middle - half, middle / 2)
            piece = Interval(0, lo, middle + half)
            table[i, j] = np.log2(best_centre(spec, replace(layout, shares=(0.5,)), piece, 4)[0])
    return middles, table


def tabulate_first(spec, layout, widths):
    """log2 of the error of the piece at 0, by log2 of width."""
    slope = spec.slope
    pieces = [Interval(0, 0.0, 2.0**width, arb(0), slope) for width in widths]
    return np.log2([best_centre(spec, layout, piece, 12)[0] for piece in pieces])


def guess(middles, widths, table, first, borders, zero):
    """The largest error of the pieces, by the tables; `first` is for the piece at 0, or None."""
    others = 0 if first is None else 1
    lo, hi = borders[others:-1], borders[others + 1 :]
    if not (np.diff(borders) > 0).all():
        return 1e9
    if zero is not None:
        piece = np.searchsorted(borders, zero) - 1
        inside = (zero - borders[piece]) / (borders[piece + 1] - borders[piece])
        if not 0.3 < inside < 0.7:
            return 1e9
    x = np.interp((lo + hi) / 2, middles, np.arange(len(middles)))
    y = np.clip((np.log2(hi - lo) - widths[0]) / (widths[1] - widths[0]), 0, len(widths) - 1.001)
    i = np.minimum(x.astype(int), len(middles) - 2)
    j = y.astype(int)
    x, y = x - i, y - j
    errors = (table[i, j] * (1 - x) + table[i + 1, j] * x) * (1 - y)
    errors += (table[i, j + 1] * (1 - x) + table[i + 1, j + 1] * x) * y
    worst = float(np.max(errors))
    return max(worst, np.interp(np.log2(borders[1]), widths, first)) if others else worst


def measured(spec, layout, chosen, limit):
    worst = 0.0
    pieces = list(pieces_of(spec, layout, chosen))
    order = sorted(range(len(pieces)), key=lambda i: (i > 2, i % 5 != 0))
    for piece in (pieces[i] for i in order):
        total, centre = best_centre(spec, layout, piece)
        worst = max(worst, total)
        if piece is pieces[1] and not starts_above(spec, centre, pieces[0].hi):
            return 1e9
        if worst > limit:
            break
    return worst


def main(name, pieces, degree, limit):
    spec = replace(SPECS[name], limit=limit)
    layout = Layout(pieces, degree, 0, shares_of(spec))
    width = (limit - spec.lo) / pieces
    widths = np.linspace(np.log2(width / 6), np.log2(width * 6), 20)
    middles, table = tabulate(spec, layout, widths)
    first = None if spec.lo else tabulate_first(spec, layout, widths)
    zero, found = zero_of_pieces(spec), []
    for chosen, borders in maps_for(pieces, spec):
        if not starts_above(spec, arb((borders[1] + borders[2]) / 2), borders[1]):
            continue
        found.append((guess(middles, widths, table, first, borders, zero), chosen))
    found.sort(key=lambda pair: pair[0])
    best = (1e9, None)
    for _, chosen in found[:LIKELY]:
        worst = measured(spec, layout, chosen, best[0])
        best = min(best, (worst, chosen), key=lambda pair: pair[0])
    worst, chosen = best
    if chosen is None:
        sys.exit(
            "no map keeps a zero of f inside its piece, and the second piece's c0 above the slope"
        )
    line = limit, degree, chosen.start, chosen.rate, chosen.curve, chosen.shift
    print(f'    ("{name}", {pieces}): {line},  # {worst:.3f}')


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in SPECS:
        sys.exit(f"usage: python search_maps_f64.py {{{','.join(SPECS)}}} PIECES DEGREE LIMIT")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
