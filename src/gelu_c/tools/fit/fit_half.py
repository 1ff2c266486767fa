"""Fits the coefficients for the 16-bit types: python fit_half.py NAME f16|bf16 prints
coeffs/NAME_f16.h or coeffs/NAME_bf16.h.

A kernel of a 16-bit type computes in float32 (math/parts/piecewise.h, plain Horner) and rounds to
the type at the end. With these coefficients each of the 65,536 results is correctly rounded,
although the degrees are low. The idea is that of RLIBM (Lim and Nagarakatte, "High performance
correctly rounded math libraries for 32-bit floating point representations", PLDI 2021): a
polynomial need not be close to f; at each input it must lie in the interval of numbers that lead to
the right result. Here:
- half.py finds these intervals: the float32 numbers from which math/NAME.h makes the right results,
  for x and for -x.
- half_lp.py finds the polynomial that stays farthest from their ends, by a linear program.
- The coefficients are rounded one after the other, lowest first; after each, the others are fitted
  again.
- Every result is computed as the kernel computes it, and compared.
"""

import sys

import numpy as np
from fit_f32 import braces, hexfloat
from half import AT_0, FORMATS, SPECS, Points, fma, right_results
from half_lp import best_polynomial
from maps_half import MAPS

LAYOUTS = (32, 8)  # pieces


def piece_numbers(chosen, a):
    """The piece numbers of the floats a, before they are taken modulo the number of pieces."""
    start, rate, curve, shift = chosen
    start, rate, curve = np.float32(start), np.float32(rate), np.float32(curve)
    if rate == 1 and curve == 0:
        k = a + start
    else:
        k = fma(a, fma(a, curve, rate) if curve else rate, start)
    return np.where(k > 0, k, 0).astype(np.float32).view(np.int32) >> shift


def piece_slices(chosen, a, pieces):
    """[(piece, first, end)]: a[first:end] are the points of the piece; None for too many pieces."""
    numbers = piece_numbers(chosen, a)
    if numbers.min() == 0 or abs(int(numbers[-1]) - int(numbers[0])) >= pieces:
        return None
    ends = [*(np.flatnonzero(np.diff(numbers)) + 1), len(a)]
    firsts = [0, *ends[:-1]]
    return [(int(numbers[i]) % pieces, int(i), int(j)) for i, j in zip(firsts, ends, strict=True)]


def weights(a, exact, centre, degree):
    """A bound on the sum of the rounding errors of each result, without the last rounding, which
    the intervals include. A margin of 1 of these is enough."""
    t = (a - centre).astype(np.float64)
    c = slopes(t, exact, degree, exact[0] == 0)
    total, power = np.abs(c[0]) + 0 * t, np.ones_like(t)
    for k in range(1, degree + 1):
        power = power * t
        total = total + 2 * np.abs(c[k] * power)
    return total * 2.0**-25


def slopes(t, exact, degree, at_zero):
    """Approximate coefficients, by divided differences."""
    places = t[0] + (t[-1] - t[0]) * np.arange(degree + 1) / max(degree, 1)
    where = np.unique(np.minimum(np.searchsorted(t, places), len(t) - 1))
    x, c = t[where], exact[where].copy()
    for k in range(1, len(x)):
        c[k:] = (c[k:] - c[k - 1 : -1]) / (x[k:] - x[: len(x) - k])
    poly = np.zeros(degree + 1)
    for k in reversed(range(len(x))):
        poly = np.concatenate([[0.0], poly[:-1]]) - x[k] * poly
        poly[0] += c[k]
    if at_zero:
        poly[0] = 0
    return poly


def fit_real(points, first, end, centre, degree, fixed=()):
    """(margin, coefficients as doubles) of the best polynomial for a piece; `fixed` are given."""
    a = points.a[first:end]
    if points.zero_in(first) and not fixed:
        fixed = (0.0,)
    t = (a - centre).astype(np.float64)
    weight = weights(a, points.exact[first:end], centre, degree)
    lo, hi = points.lo[first:end], points.hi[first:end]
    return best_polynomial(t, lo, hi, weight, degree, fixed)


def computed(a, centre, c):
    """f at the floats a, as math/parts/piecewise.h computes it."""
    t = a - np.float32(centre)
    p = np.full_like(t, c[-1])
    for k in reversed(range(len(c) - 1)):
        p = fma(p, t, np.float32(c[k]))
    return p


def wrong(points, first, end, centre, c):
    """How many of the piece's points lead to a wrong result."""
    f = computed(points.a[first:end], centre, c)
    good = (f >= points.low[first:end]) & (f <= points.high[first:end])
    return int(np.count_nonzero(~good))


def round_in_turn(points, first, end, centre, degree, turns):
    """The coefficients as floats; c[k] is turns[k] floats away from the nearest one."""
    c = [np.float32(0)] if points.zero_in(first) else []
    while len(c) <= degree:
        _, real = fit_real(points, first, end, centre, degree, tuple(float(x) for x in c))
        k = len(c)
        if real is None:
            return None
        nearest = np.float32(real[k])
        turn = turns[k] if k < len(turns) else 0
        c.append(np.float32(nearest + turn * np.spacing(nearest)))
    return c


SHARES = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75)
TURNS = ((), (0, 1), (0, -1), (1,), (-1,), (0, 2), (0, -2), (0, 0, 1), (0, 0, -1))


def fit_piece(points, first, end, degree, shares=SHARES):
    """(centre, coefficients) without a wrong result, or None."""
    tried = set()
    for turns in TURNS:
        for share in shares:
            centre = points.centre(first, end, share)
            if (turns, float(centre)) in tried:
                continue
            tried.add((turns, float(centre)))
            c = round_in_turn(points, first, end, centre, degree, turns)
            if c and not wrong(points, first, end, centre, c):
                return centre, c
    return None


def make(points, pieces, chosen, degree):
    """[(centre, coefficients)] of all pieces, or None if a piece has none. The centres are 0 if
    that is good enough: then t is a, and no centre is looked up."""
    slices = piece_slices(chosen, points.a, pieces)
    for shares in ((AT_0,), (*SHARES, AT_0)):
        table = [None] * pieces
        for piece, first, end in slices:
            filled = table[piece] = fit_piece(points, first, end, degree, shares)
            if filled is None:
                break
        else:  # the pieces that are never looked up are copies of the last
            return [filled if entry is None else entry for entry in table]
    return None


SIDES = {"left": -1, "both": 0, "right": 1}


def print_tail(name, dtype, limit):
    """Prints the results beyond the limit: a few hundred at most."""
    fmt, side = FORMATS[dtype], SPECS[name].tail if dtype == "bf16" else ""
    if not side:
        return
    bits = np.arange(fmt.infinity + 1, dtype=np.uint16)
    bits = bits[fmt.widened(bits) > np.float32(limit)]
    x = fmt.widened(bits) * np.float32(SIDES[side] or 1)
    results = right_results(name, fmt, x)
    count = int(np.flatnonzero(results != results[-1])[-1]) + 2
    count += -count % 64  # AVX-512 looks up 64 at once
    fields = {"SIDE": SIDES[side], "FIRST": f"0x{bits[0]:04x}", "COUNT": count}
    print(f"#define {name}_HALF_TAIL 1")
    print(f"enum {{ {', '.join(f'{name}_TAIL_{key} = {fields[key]}' for key in fields)} }};")
    print(f"static const _Alignas(64) uint16_t {name}_half_tail[{name}_TAIL_COUNT + 1] = {{")
    for i in range(0, count, 12):
        print(
            "    "
            + ", ".join(f"0x{result:04x}" for result in results[i : min(i + 12, count)])
            + ","
        )
    print("};")


def main(name, dtype):
    spec = SPECS[name]
    print(f"/* Generated by tools/fit/fit_half.py {name} {dtype}; do not edit.")
    print(f" * These are the pieces of {spec.doc}. All results are correctly rounded to")
    print(f" * {FORMATS[dtype].name}. */")
    for pieces, word in zip(LAYOUTS, ("if", "elif"), strict=True):
        limit, degree, *chosen = MAPS[name, dtype, pieces]
        table = make(Points(name, dtype, limit), pieces, chosen, degree)
        if table is None:
            sys.exit(f"{name} {dtype}, {pieces} pieces: no table without a wrong result")
        start, rate, curve, shift = chosen
        print(f"#{word} PIECES == {pieces}")
        centred = any(centre for centre, _ in table)
        print_tail(name, dtype, limit)
        print('#include "math/parts/pieces.h"')
        piecewise = "PIECEWISE" if centred else "PIECEWISE_WITHOUT_CENTRE"
        print(f"static const {piecewise}({degree}) {name}_pieces = {{")
        print(f"    .limit = {hexfloat(limit)},")
        print(f"    .start = {hexfloat(start)},")
        print(f"    .rate = {hexfloat(rate)},")
        if curve:
            print(f"    .curve = {hexfloat(curve)},")
        print(f"    .shift = {shift},")
        if centred:
            print(f"    .centre = {braces([centre for centre, _ in table])},")
        print("    .c =")
        print("        {")
        for k in range(degree + 1):
            print(f"            {braces([c[k] for _, c in table])},")
        print("        },")
        print("};")
    print("#endif")


if __name__ == "__main__":
    name, dtype = sys.argv[1:] if len(sys.argv) == 3 else ("", "")
    if name not in SPECS or dtype not in FORMATS:
        sys.exit(f"usage: python fit_half.py {{{','.join(SPECS)}}} {{{','.join(FORMATS)}}}")
    main(name, dtype)
