"""Fits the rows of float32: cubic polynomials on pieces of equal width (math/parts/rows.h).

The pieces are so narrow that t * (...) is small beside c0, and so are its rounding errors. The
error of rounding c0 would cost half an ULP, so something makes up for it: d, which needs few
digits. So does c3, and the two share a float: the last number of a row is c3, and its lower 16
bits, which hardly change it, are those of d as a bfloat16.
"""

from dataclasses import dataclass

import numpy as np
from exact import arb

NODES = 24
SAMPLES, MANY = 60, 2000
GOOD = 0.7  # ULP: an error that needs no search
STEPS = 16  # how many floats on either side of f are tried as c0
# d as a share of the derivative, where that is better
SHARES = [sign * n / 512 for sign in (1, -1) for n in range(64, 512)]
NEIGHBOURS = 6  # floats on either side of a zero
# How far a centre may be moved, as bfloat16
DS = np.array(
    [0, *(sign << 31 | n << 16 for sign in (0, 1) for n in range(0x3400, 0x3A80))], np.uint32
)
DS = DS.view(np.float32).astype(np.float64)


@dataclass(frozen=True)
class Piece:
    number: int
    lo: float  # in units of t
    hi: float
    holds_zero: bool = False


def half_ulp(values):
    return np.ldexp(1.0, np.frexp(np.abs(values))[1] - 25)


def chebyshev_points(lo, hi, n):
    return (lo + hi) / 2 + (hi - lo) / 2 * np.cos(np.pi * (2 * np.arange(n) + 1) / (2 * n))


class Rows:
    """The rows of f for a in [lo, limit]."""

    def __init__(self, spec, scale):
        self.spec, self.scale, self.kept = spec, scale, (None, None)
        self.limit = np.float32(spec.rows_limit or spec.limit)
        self.shift, self.zero, self.first = 0.0, None, 0
        if spec.zero:
            self.place_zero()
        # An ULP of a - shift + start is 1 / scale for all a, and the first row is number 0.
        self.first = self.number(spec.lo) - (self.shift > 0)
        self.start = (2**23 - self.first) / scale

    @property
    def count(self):
        return self.number(self.limit) + 1 - self.first

    def number(self, a):
        return int(np.rint((float(a) - self.shift) * self.scale))

    def origin(self, piece):
        """The a where t is 0."""
        return piece.number / self.scale + self.shift

    def pieces(self):
        for number in range(self.first, self.number(self.limit) + 1):
            zero = self.zero is not None and number == self.number(self.zero)
            yield Piece(number, -0.5 / self.scale, 0.5 / self.scale, zero)

    def row(self, piece):
        """The row of a piece."""
        if self.spec.slope and piece.number == 0:
            return self.row_at_0(piece)
        if piece.holds_zero:
            return self.zero_row
        origin = self.origin(piece)
        t = chebyshev_points(piece.lo, piece.hi, NODES)
        f = np.array([float(self.spec.f(arb(origin) + arb(x))) for x in t])
        b = fit(t, f, 3)
        if self.shift:
            return min(self.moved_rows(piece, b), key=lambda row: self.error(piece, row))
        row = with_d(b, piece, (b[0] - np.float32(b[0])) / origin if origin else 0.0, origin)
        if self.error(piece, row) < GOOD:
            return row
        # Another c0 has another d, and then c1 may lie closer to a float. With a d that leaves less
        # to t * (...), some roundings are smaller.
        steps = np.arange(-STEPS, STEPS + 1) * float(np.spacing(np.abs(row[0])))
        ways = [(b[0] - np.float32(b[0]) + step) / origin for step in steps] if origin else []
        ways += [share * b[1] for share in SHARES]
        rows = [row, *(with_d(b, piece, d, origin) for d in ways)]
        if self.spec.slope:
            rows.append(self.beside_slope(piece, b))
        return min(rows, key=lambda row: self.error(piece, row))

    def beside_slope(self, piece, b):
        """The row with d = slope. c0 is small; it ends so early that the last sum is exact."""
        row = with_d(b, piece, self.spec.slope, self.origin(piece))
        end = 2 * half_ulp(max(abs(self.exact(piece, self.points(piece)))))
        row[0] = np.rint(row[0] / end) * end
        return row

    def moved_rows(self, piece, b):
        """The rows whose c0 and c1 are closest to floats, about centres moved by some d."""
        c = np.array(
            [b[0] + DS * (b[1] + DS * (b[2] + DS * b[3])), b[1] + DS * (2 * b[2] + DS * 3 * b[3])]
        )
        misses = np.abs(c.astype(np.float32) - c)
        cost = misses[0] + misses[1] * piece.hi
        return [moved(b, piece, float(d)) for d in DS[np.argsort(cost)[:8]]]

    def row_at_0(self, piece):
        """The row for f - slope * a, which is small."""
        t = chebyshev_points(0, piece.hi, NODES)
        rest = [(self.spec.f(arb(x)) - arb(self.spec.slope) * arb(x)) / arb(x) for x in t]
        rest = np.array([float(y) for y in rest])
        weight = 1 / (rest + self.spec.slope)
        if abs(rest[np.argmin(t)]) < 0.1:  # c1 is 0 but for the sign of an underflow
            c3 = with_low_half(fit(t, rest / t, 1, weight * t)[1], self.spec.slope)
            c = [2.0**-100, *fit(t, rest / t - c3 * t, 0, weight * t), c3]
        else:
            c3 = with_low_half(fit(t, rest, 2, weight)[2], self.spec.slope)
            c = [*fit(t, rest - c3 * t**2, 1, weight), c3]
        return np.array([0, *c], np.float32)

    def row_at_zero(self, piece):
        """(error, row): c0 is f at a float next to the zero."""
        origin = arb(self.origin(piece))
        c0 = self.spec.f(origin)
        t = chebyshev_points(piece.lo, piece.hi, NODES)
        rest = np.array([float((self.spec.f(origin + arb(x)) - c0) / arb(x)) for x in t])
        nearest = np.float32(fit(t, rest, 2, 1 / rest)[0])
        rows = []
        for n in range(-2, 3):
            c1 = nearest + np.float32(n) * np.spacing(nearest)
            left = (rest - float(c1)) / t
            for start in (0.0, 0.1, 0.2):  # leaves out the middle, where t is small
                far = np.abs(t) > start * piece.hi
                c3 = with_tiny_low_half(fit(t[far], left[far], 1, t[far] / rest[far])[1])
                c2 = fit(t[far], left[far] - c3 * t[far], 0, t[far] / rest[far])[0]
                rows.append(np.array([float(c0), c1, c2, c3], np.float32))
        return min(
            ((self.error_at_zero(piece, row), row) for row in rows), key=lambda pair: pair[0]
        )

    def place_zero(self):
        """Chooses `shift` among the floats next to the zero, and the row that holds it."""
        nearest = np.float32(float(self.spec.zero()))
        best = np.inf
        for step in range(-NEIGHBOURS, NEIGHBOURS + 1):
            self.zero = nearest + np.float32(step) * np.spacing(nearest)
            self.shift = float(self.zero) - round(float(self.zero) * self.scale) / self.scale
            piece = Piece(self.number(self.zero), -0.5 / self.scale, 0.5 / self.scale, True)
            error, row = self.row_at_zero(piece)
            if error < best:
                best, chosen, self.zero_row = error, (self.zero, self.shift), row
        self.zero, self.shift = chosen

    def error_at_zero(self, piece, row):
        """The largest error of the results for many floats, in ULP. Next to a zero, the bound of
        `error` is too high."""
        a = np.linspace(piece.lo, piece.hi, MANY) + self.origin(piece)
        near = self.zero + np.spacing(self.zero) * np.arange(-60, 61, dtype=np.float32)
        a = np.concatenate([a.astype(np.float32), near])
        exact = self.exact(piece, a)
        t = a - np.float32(piece.number / self.scale) - np.float32(self.shift)
        t -= low_half(row[3])
        y = fma(fma(fma(row[3], t, row[2]), t, row[1]), t, row[0])
        return np.max(np.abs(y - exact) / (2 * half_ulp(exact)))

    def points(self, piece):
        """Floats of the piece: spread evenly, and those next to a zero."""
        few = SAMPLES if piece.number > 4 or not self.spec.slope else MANY
        a = (self.origin(piece) + np.linspace(piece.lo, piece.hi, few)).astype(np.float32)
        if piece.holds_zero:
            near = self.zero + np.spacing(self.zero) * np.arange(-30, 31, dtype=np.float32)
            a = np.concatenate([a, near])
        return a[(a != 0) & (a >= self.spec.lo) & (a <= self.limit)]

    def error(self, piece, row):
        """A bound for the largest error, in ULP: each rounding counts with half an ULP."""
        a = self.points(piece).astype(np.float64)
        exact = self.exact(piece, a)
        c0, c1, c2, c3 = row.astype(np.float64)
        d = float(low_half(row[3]))
        t = a - self.origin(piece) - (d if self.shift else 0)
        inner = c2 + t * c3
        p = c1 + t * inner
        rounded = np.abs(t) * (half_ulp(p) + np.abs(t) * half_ulp(inner))
        beside = t * p if self.shift else t * p + d * a
        last = half_ulp(exact)
        if not self.shift and c0:
            rounded += half_ulp(beside)
            if abs(np.frexp(d)[0]) != 0.5:  # not a power of two
                rounded += half_ulp(d * a)
            # A sum is exact if both are multiples of its ULP.
            last = np.where(last <= np.minimum(half_ulp(beside), lowest_bit(c0) / 2), 0, last)
        return np.max(
            (np.abs(c0 + beside - exact) + rounded + last) / (2 * half_ulp(exact)), initial=0
        )

    def exact(self, piece, a):
        """f at the points of a piece; those of the last piece are kept."""
        key = piece, self.shift, len(a)
        if self.kept[0] != key:
            self.kept = key, np.array([float(self.spec.f(arb(float(x)))) for x in a])
        return self.kept[1]


def with_d(b, piece, d, origin):
    """The row for the polynomial b in t, with d * a."""
    d = float(bfloat16(d))
    return packed([b[0] - d * origin, b[1] - d, b[2], b[3]], d, piece.lo, piece.hi)


def moved(b, piece, d):
    """The row for the polynomial b in t, where t is smaller by d."""
    c = [b[0] + d * (b[1] + d * (b[2] + d * b[3])), b[1] + d * (2 * b[2] + d * 3 * b[3])]
    return packed([*c, b[2] + d * 3 * b[3], b[3]], d, piece.lo - d, piece.hi - d)


def packed(c, d, lo, hi):
    """The row with d in the lower half of c3."""
    middle, half = (lo + hi) / 2, (hi - lo) / 2
    c = list(c)
    c[1] += (c[3] - with_low_half(c[3], d)) * (0.75 * half**2 - 3 * middle**2)
    # What c1 lacks by its rounding is made up by c3, except for a third.
    wanted = c[3] + (c[1] - float(np.float32(c[1]))) / (0.75 * half**2)
    last = with_low_half(wanted, d)
    # What the polynomial lacks in its constant and in its square, c0 and c2 make up.
    lack = wanted - last
    return np.array(
        [
            c[0] + lack * (middle**3 - 0.75 * half**2 * middle),
            c[1],
            c[2] + lack * 3 * middle,
            last,
        ],
        np.float32,
    )


def fma(a, b, c):
    return np.float32(np.float64(a) * np.float64(b) + np.float64(c))


def fit(t, values, degree, weight=None):
    """The polynomial, lowest degree first, with nearly the smallest largest relative error."""
    weight = 1 / values if weight is None else weight
    matrix = np.vander(t, degree + 1, increasing=True) * weight[:, None]
    return np.linalg.lstsq(matrix, values * weight, rcond=None)[0]


def lowest_bit(x):
    """The largest power of two of which x is a multiple."""
    mantissa, exponent = np.frexp(x)
    integer = abs(int(mantissa * 2**24))
    return np.ldexp(1.0, int(exponent) - 24) * (integer & -integer)


def bits_of(x):
    return int(np.float32(x).view(np.uint32))


def of_bits(bits):
    return np.uint32(bits).view(np.float32)


def bfloat16(x):
    """The nearest number with 8 digits."""
    return of_bits((bits_of(x) + 0x8000) >> 16 << 16)


def with_low_half(x, d):
    """The number nearest to x whose lower 16 bits are the upper 16 bits of d."""
    low = bits_of(d) >> 16
    return of_bits(((bits_of(x) - low + 0x8000) >> 16 << 16) + low)


def with_tiny_low_half(x):
    """The number nearest to x whose lower 16 bits are those of a d below 2^-64."""
    high = bits_of(x) >> 16 << 16
    lows = [0, 0x1F80, 0x8000, 0x9F80, 0x10000]
    lows += [low for low in [bits_of(x) - high] if low & 0x7FFF <= 0x1F80]
    return min((of_bits(high + low) for low in lows), key=lambda y: abs(float(y) - x))


def low_half(x):
    return of_bits(bits_of(x) << 16 & 0xFFFFFFFF)
