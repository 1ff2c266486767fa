"""Searches for the maps of maps_half.py: python search_maps_half.py NAME f16|bf16 takes minutes.

It prefers the lowest degree, then pieces without centres, which save a lookup, then the simplest
map. The limit of bfloat16 is a choice, because results beyond it are stored: a smaller limit can
save a degree or the centres."""

import sys
from itertools import product

import numpy as np
from fit_half import fit_real, make, piece_slices
from half import AT_0, Points

FRACTIONS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.999)
BENDS = (-0.3, 0, 0.3, 0.6, 1, 1.5, 2, 3, 4)
# The float nearest to silu(2^-24) is a tie of float16. So the smallest numbers get a piece of their
# own, whose c1 may be below 1/2.
NARROW, NARROW_NEEDED = 2.0**-13, {("silu", "f16")}


def unit_maps(pieces, limit):
    for shift in range(24 - pieces.bit_length(), 23):
        for start in np.geomspace(0.02, 40, 200).astype(np.float32):
            yield float(start), 1.0, 0.0, shift


def narrow_maps(pieces):
    """Maps with a rate of 1 and a first piece that ends at NARROW."""
    for shift in range(24 - pieces.bit_length(), 23):
        for bits in range(124 << 23 - shift, 132 << 23 - shift):
            start = np.int32(bits << shift).view(np.float32) - np.float32(NARROW)
            yield float(start), 1.0, 0.0, shift


def maps(pieces, limit, bends):
    for shift in range(24 - pieces.bit_length(), 23):  # `part` pieces have the same exponent
        part = 2 ** (23 - shift)
        for piece, fraction, sign, bend in product(range(part), FRACTIONS, (-1, 1), bends):
            start = np.float32(1 + (piece + (fraction if sign < 0 else 1 - fraction)) / part)
            first = int(start.view(np.int32)) >> shift
            end = (first + pieces if sign > 0 else first - pieces + 1) << shift
            if end <= 0:
                continue
            span = (float(np.int32(end).view(np.float32)) - float(start)) * (1 - 1e-6)
            rate = span / limit / (1 + bend)
            curve = rate * bend / limit
            yield float(start), to_float(rate), to_float(curve) + 0.0, shift  # not -0.0


def to_float(x):
    return float(np.float32(x))


class Search:
    def __init__(self, name, dtype, limit, pieces, degree, share):
        self.share = share  # where the centre of a piece is
        self.points, self.pieces, self.degree = Points(name, dtype, limit), pieces, degree
        self.known = {}

    def margin_of(self, first, end):
        if (first, end) not in self.known:
            if end - first < self.degree + 3:
                value = 50.0
            else:
                centre = self.points.centre(first, end, self.share)
                value = fit_real(self.points, first, end, centre, self.degree)[0]
            if self.points.zero_in(first) and value > 0.9:  # it cannot be better
                value = 50.0
            self.known[first, end] = min(value, 50.0)
        return self.known[first, end]

    def margin(self, chosen, least):
        slices = piece_slices(chosen, self.points.a, self.pieces)
        if slices is None:
            return -np.inf
        value = np.inf
        # first the pieces that are likely to be the worst: those known to be bad
        for _, first, end in sorted(slices, key=lambda s: self.known.get(s[1:], 60)):
            value = min(value, self.margin_of(first, end))
            if value <= least:
                return value
        return value

    def best(self, candidates, keep=5):
        found, least = [], -np.inf
        for chosen in candidates:
            value = self.margin(chosen, least)
            if value > least:
                found = sorted([*found, (value, chosen)], reverse=True)[:keep]
                least = found[-1][0] if len(found) == keep else -np.inf
        return found

    def improved(self, value, chosen, enough):
        """(margin, map) of a better map nearby, found by small steps."""
        steps = (0.03, 0.01, 0.004, 0.0015, 0.0005)
        for step in steps:
            moved = True
            while moved and value < enough:
                moved = False
                for ds, dr, dc in product((0, 1, -1), repeat=3):
                    if (dc and not chosen[2]) or (dr and chosen[1] == 1):
                        continue
                    start, rate, curve, shift = chosen
                    curve += dc * step * rate / float(self.points.a[-1])
                    new = start * (1 + ds * step), rate * (1 + dr * step), curve, shift
                    new = *(float(np.float32(x)) for x in new[:3]), shift
                    better = self.margin(new, value)
                    if better > value:
                        value, chosen, moved = better, new, True
        return value, chosen


ENOUGH = 3.0  # a margin with which coefficients are likely to be found


def find(name, dtype, pieces, limit, degrees):
    """(limit, degree, *map) with the lowest degree and the simplest map that have coefficients."""
    for degree, share in product(degrees, (AT_0, 0.5)):
        search = Search(name, dtype, limit, pieces, degree, share)
        all_ways = unit_maps(pieces, limit), maps(pieces, limit, (0,)), maps(pieces, limit, BENDS)
        for ways in [narrow_maps(pieces)] if (name, dtype) in NARROW_NEEDED else all_ways:
            found = [search.improved(*pair, ENOUGH) for pair in search.best(ways)]
            for value, chosen in sorted(found, reverse=True)[:3]:
                if value > -1 and make(search.points, pieces, chosen, degree):
                    return limit, degree, *chosen
    return None


LIMITS = {
    "f16": {"gelu": 5.725, "gelu_grad": 6.03, "gelu_grad2": 6.335, "gelu_tanh": 5.287,
            "gelu_tanh_grad": 5.56, "erf": 2.595, "erfc": 3.919, "ndtr": 5.42, "tanh": 4.507,
            "sigmoid": 17.34, "silu": 20.345, "gelu_quick": 11.625, "silu_grad": 20.29,
            "gelu_quick_grad": 11.922, "sigmoid_grad": 17.33, "tanh_grad": 9.36,
            "softplus": 17.34, "elu": 8.32, "selu": 7.74},
    "bf16": {"gelu": 5.4, "gelu_grad": 5.0, "gelu_grad2": 5.0, "gelu_tanh": 5.0,
             "gelu_tanh_grad": 4.7, "erf": 2.195, "erfc": 3.6, "ndtr": 5.43, "tanh": 3.46,
             "sigmoid": 11.0, "silu": 11.0, "gelu_quick": 6.5, "silu_grad": 11.0,
             "gelu_quick_grad": 6.5, "sigmoid_grad": 11.0, "tanh_grad": 5.5,
             "softplus": 11.0, "elu": 6.24, "selu": 6.05},
}  # fmt: skip


def main(name, dtype):
    first = 1 if dtype == "bf16" else 2
    for pieces, degrees in ((32, range(first, 8)), (8, range(first + 2, 9))):
        found = find(name, dtype, pieces, float(np.float32(LIMITS[dtype][name])), degrees)
        print(f'    ("{name}", "{dtype}", {pieces}): {found},', flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
