"""Searches for the maps of maps_f32.py, and prints the errors of rows for several scales: python
search_maps_f32.py NAME takes minutes."""

import sys
from itertools import product

import numpy as np
from fit_f32 import (
    LAYOUT,
    SPECS,
    Map,
    computed,
    intervals,
    piece_errors,
    place_piece,
    sample,
    values,
)
from rows import Rows

# The width of the first piece, as a share of that of the next
FIRST_PIECES = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.999)
# A rate of 1 is good enough for these, and saves an FMA.
UNIT_RATE = {
    "erf",
    "tanh",
    "silu",
    "gelu_quick",
    "silu_grad",
    "sigmoid_grad",
    "tanh_grad",
    "elu",
}
BENDS_NEEDED = {"ndtr": (0.1, 0.2, 0.3), "erfc": (0.2, 0.3)}  # where 0 is not good enough
SCALES = (16, 32, 64, 128, 256)
LIKELY = 16  # maps that are measured


def shifts(layout):
    """The shifts for which one exponent has no more pieces than there are."""
    return range(24 - layout.pieces.bit_length(), 23)


def maps_for(layout, spec, bends):
    """The maps that use all pieces for [lo, limit], some with a narrow first piece."""
    lo, length = spec.lo, spec.limit - spec.lo
    for shift in shifts(layout):
        part = 2 ** (23 - shift)  # how many pieces have the same exponent
        ways = product(range(part), FIRST_PIECES, (-1, 1), bends)
        for piece, fraction, sign, bend in ways:
            start = np.float32(1 + (piece + (fraction if sign < 0 else 1 - fraction)) / part)
            first = int(start.view(np.int32)) >> shift
            end = (first + layout.pieces if sign > 0 else first - layout.pieces + 1) << shift
            if end <= 0:
                continue
            span = (float(np.int32(end).view(np.float32)) - float(start)) * (1 - 1e-6)
            rate = span / length / (1 + bend)
            curve = rate * bend / length
            at_0 = start - lo * (rate - lo * curve), rate - 2 * lo * curve, curve
            chosen = Map(*(np.float32(x) for x in at_0), shift)
            if chosen.number(spec.limit) - chosen.number(lo) < layout.pieces:
                yield chosen


def unit_rate_maps(layout, limit):
    """Maps with a rate of 1."""
    for shift in shifts(layout):
        for start in np.geomspace(0.02, 30, 120).astype(np.float32):
            chosen = Map(start, np.float32(1), np.float32(0), shift)
            if chosen.number(limit) - chosen.number(0) < layout.pieces:
                yield chosen


def worst_piece(spec, layout, zero, chosen, known, error, limit=np.inf):
    """The largest error(piece) of a map's pieces, or one beyond the limit; `known` keeps them."""
    worst = 0.0
    for piece in intervals(spec, layout, chosen, zero):
        at = round(piece.lo, 6), round(piece.hi, 6)
        if at not in known:
            known[at] = error(piece) + 0.3 * (piece.slope > 0)  # f is subtracted from x there
        worst = max(worst, known[at])
        if worst > limit:
            break
    return worst


def likely_maps(spec, layout, zero, maps):
    """The maps with the smallest largest error before coefficients are rounded, best first."""

    def error(piece):
        return min(total for total, _ in piece_errors(spec, layout, piece, 8))

    known, found, limit = {}, [], 1e9
    for chosen in maps:
        found.append((worst_piece(spec, layout, zero, chosen, known, error, limit), chosen))
        found.sort(key=lambda pair: pair[0])
        del found[LIKELY:]
        limit = found[-1][0] if len(found) == LIKELY else limit
    return [chosen for _, chosen in found]


def measured(spec, layout, piece):
    """The largest error of the results of a piece, in ULP: the larger of that in a sample and a
    bound on the rounding errors between."""
    centre, c, (_, total) = place_piece(spec, layout, piece)
    a = sample(piece)
    exact, ulp = values(spec, a)
    return max(0.45 + total, np.max(np.abs(computed(piece, centre, c, a) - exact) / ulp))


def choose_map(spec, layout, zero, maps):
    """The best of the likely maps, by the errors of results."""

    def error(piece):
        return measured(spec, layout, piece)

    known, best = {}, (1e9, None)
    for chosen in likely_maps(spec, layout, zero, maps):
        worst = worst_piece(spec, layout, zero, chosen, known, error)
        best = min(best, (worst, chosen), key=lambda pair: pair[0])
    return best[1]


def main(name):
    spec = SPECS[name]
    if name in UNIT_RATE:
        maps = unit_rate_maps(LAYOUT, spec.limit)
    else:
        maps = maps_for(LAYOUT, spec, BENDS_NEEDED.get(name, (0.0,)))
    found = choose_map(spec, LAYOUT, spec.zero() if spec.zero else None, maps)
    line = float(found.start), float(found.rate), float(found.curve), found.shift
    print(f'    "{name}": {line},')
    for scale in SCALES:
        rows = Rows(spec, scale)
        worst = max(rows.error(piece, rows.row(piece)) for piece in rows.pieces())
        print(f'    "{name}": {scale},  # {worst:.3f} ULP')


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in SPECS:
        sys.exit(f"usage: python search_maps_f32.py {{{','.join(SPECS)}}}")
    main(name)
