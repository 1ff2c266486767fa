"""Searches for the maps of maps_exact.py: python search_maps_exact.py NAME DEGREE.

As in search_maps_f64.py, the error of a piece is tabulated by its middle and its width, and the maps that
are best by this table are measured.
"""

import sys

import numpy as np
from exact import arb
from fit_exact import PIECES, error, fitted, make, spec_of
from fit_f32 import Interval
from fit_f64 import zero_of_pieces
from search_maps_f64 import guess, maps_for

LIKELY = 12  # maps that are measured


def log2_error(spec, piece, degree):
    centre, c = fitted(spec, piece, degree)
    return np.log2(error(spec, piece, arb(centre), c, 25))


def tabulate(spec, degree, widths):
    """(middles, log2 of the error by middle and width, log2 of the error of the piece at 0 by width)"""
    zero = zero_of_pieces(spec)
    middles = np.linspace(spec.limit / 100, spec.limit, 40)
    table = np.empty((len(middles), len(widths)))
    for i, middle in enumerate(middles):
        for j, width in enumerate(widths):
            half = 2.0**width / 2
            if zero is not None and abs(middle - zero) < 2 * half:
                middle = zero + np.copysign(2 * half, middle - zero)
            lo = max(middle - half, middle / 2)
            table[i, j] = log2_error(spec, Interval(0, lo, middle + half), degree)
    first = [log2_error(spec, Interval(0, 0.0, 2.0**w, arb(0)), degree) for w in widths]
    return middles, table, first


def main(name, degree):
    spec = spec_of(name)
    width = spec.limit / PIECES
    widths = np.linspace(np.log2(width / 6), np.log2(width * 6), 16)
    middles, table, first = tabulate(spec, degree, widths)
    zero, found = zero_of_pieces(spec), []
    for chosen, borders in maps_for(PIECES, spec):
        found.append((guess(middles, widths, table, first, borders, zero), chosen))
    found.sort(key=lambda pair: pair[0])
    best = min(
        ((make(spec, degree, chosen, 40)[1], chosen) for _, chosen in found[:LIKELY]),
        key=lambda pair: pair[0],
    )
    line = degree, best[1].start, best[1].rate, best[1].shift
    print(f'    "{name}": {line},  # 2^{np.log2(best[0]):.2f}', flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
