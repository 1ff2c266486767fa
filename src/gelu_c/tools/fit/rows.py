"""Fits the rows of float32: cubic polynomials on pieces of equal width (math/parts/rows.h).

A row has four numbers:

    n / scale = a rounded to a multiple of 1 / scale
    t = a - n / scale
    f(a) = c0 + (d * a + t * (c1 + t * (c2 + t * c3)))

The pieces are so narrow that what is added to c0 is small, and so are its rounding errors. d * a is
the error of rounding c0, which would cost half an ULP. d needs few digits, as c3 does, so the two
share a float: the last number of the row is c3, and its lower 16 bits, which hardly change it, are
those of d as a bfloat16.

For a function with a zero, a - shift takes the place of a in these two lines, so that t is 0 at the
float next to the zero.
"""

from dataclasses import dataclass

import numpy as np
from exact import arb

NODES = 24
SAMPLES = 60
GOOD = 0.6  # ULP: an error that needs no search
STEPS = 16  # how many floats on either side of f are tried as c0
# d as a share of the derivative, where that is better
SHARES = [sign * n / 256 for sign in (1, -1) for n in range(32, 256)]
NEIGHBOURS = 6  # floats on either side of a zero


@dataclass(frozen=True)
class Piece:
    number: int
    lo: float  # in units of t
    hi: float
    slope: float = 0.0  # f is nearly slope * a
    holds_zero: bool = False


def ulp(values):
    return np.ldexp(1.0, np.frexp(np.abs(values))[1] - 24)


def chebyshev_points(lo, hi, n):
    return (lo + hi) / 2 + (hi - lo) / 2 * np.cos(np.pi * (2 * np.arange(n) + 1) / (2 * n))


class Rows:
    """The rows of f for a in [lo, limit]."""

    def __init__(self, spec, scale):
        self.spec, self.scale, self.kept = spec, scale, (None, None)
        self.limit = np.float32(spec.limit)
        self.shift, self.zero = 0.0, None
        if spec.zero:
            self.place_zero()
        # An ULP of a + start is 1 / scale for all a.
        self.start = (2**23 - self.number(spec.lo)) / scale

    def number(self, a):
        return int(np.rint((float(a) - self.shift) * self.scale))

    def origin(self, piece):
        """The a where t is 0."""
        return piece.number / self.scale + self.shift

    def pieces(self):
        for number in range(self.number(self.spec.lo), self.number(self.limit) + 1):
            origin = number / self.scale + self.shift
            lo = max(-0.5 / self.scale, self.spec.lo - origin)
            hi = max(min(0.5 / self.scale, float(self.limit) - origin), lo + 1e-4 / self.scale)
            slope = self.spec.slope if number == 0 else 0.0
            zero = self.zero is not None and number == self.number(self.zero)
            yield Piece(number, lo, hi, slope, zero)

    def row(self, piece):
        """The row of a piece."""
        if piece.slope:
            return self.row_at_0(piece)
        if piece.holds_zero:
            return self.row_at_zero(piece)
        origin = self.origin(piece)
        t = chebyshev_points(piece.lo, piece.hi, NODES)
        f = np.array([float(self.spec.f(arb(origin) + arb(x))) for x in t])
        b = fit(t, f, 3)
        row = with_d(b, piece, (b[0] - np.float32(b[0])) / origin if origin else 0.0, origin)
        if self.error(piece, row) < GOOD:
            return row
        # Another c0 has another d, and then c1 may lie closer to a float. With a d that leaves less
        # to t * (...), some roundings are smaller.
        steps = np.arange(-STEPS, STEPS + 1) * float(np.spacing(np.abs(row[0])))
        ways = [(b[0] - np.float32(b[0]) + step) / origin for step in steps] if origin else []
        ways += [share * b[1] for share in SHARES]
        rows = [row, *(with_d(b, piece, d, origin) for d in ways)]
        return min(rows, key=lambda row: self.error(piece, row))

    def row_at_0(self, piece):
        """The row for f - slope * a, which is small."""
        t = chebyshev_points(0, piece.hi, NODES)
        rest = [(self.spec.f(arb(x)) - arb(piece.slope) * arb(x)) / arb(x) for x in t]
        rest = np.array([float(y) for y in rest])
        weight = 1 / (rest + piece.slope)
        if abs(rest[np.argmin(t)]) < 0.1:  # c1 is 0 but for the sign of an underflow
            c3 = with_low_half(fit(t, rest / t, 1, weight * t)[1], piece.slope)
            c = [2.0**-100, *fit(t, rest / t - c3 * t, 0, weight * t), c3]
        else:
            c3 = with_low_half(fit(t, rest, 2, weight)[2], piece.slope)
            c = [*fit(t, rest - c3 * t**2, 1, weight), c3]
        return np.array([0, *c], np.float32)

    def row_at_zero(self, piece):
        """c0 is f at a float next to the zero. The best of the ways to round c1 and c2 is taken, by
        the errors of the results, including those next to the zero."""
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
        return min(rows, key=lambda row: self.error(piece, row))

    def place_zero(self):
        """Chooses `shift` among the floats next to the zero."""
        zero = self.spec.zero()
        nearest = np.float32(float(zero))
        best = np.inf
        for step in range(-NEIGHBOURS, NEIGHBOURS + 1):
            self.zero = nearest + np.float32(step) * np.spacing(nearest)
            self.shift = float(self.zero) - round(float(self.zero) * self.scale) / self.scale
            (piece,) = (piece for piece in self.pieces() if piece.holds_zero)
            error = self.error(piece, self.row(piece))
            if error < best:
                best, chosen = error, (self.zero, self.shift)
        self.zero, self.shift = chosen

    def points(self, piece):
        """Floats of the piece: spread evenly, and those next to a zero."""
        a = (self.origin(piece) + np.linspace(piece.lo, piece.hi, SAMPLES)).astype(np.float32)
        if piece.holds_zero:
            near = self.zero + np.spacing(self.zero) * np.arange(-30, 31, dtype=np.float32)
            a = np.concatenate([a, near])
        return a[(a != 0) & (a >= self.spec.lo)]

    def error(self, piece, row):
        """The largest error of the kernel's results, in ULP."""
        a = self.points(piece)
        exact = self.exact(piece, a)
        return np.max(np.abs(self.computed(piece, row, a) - exact) / ulp(exact))

    def exact(self, piece, a):
        """f at the points of a piece; those of the last piece are kept."""
        key = piece, self.shift
        if self.kept[0] != key:
            self.kept = key, np.array([float(self.spec.f(arb(float(x)))) for x in a])
        return self.kept[1]

    def computed(self, piece, row, a):
        """The results of math/parts/rows.h for the floats a."""
        t = a - np.float32(piece.number / self.scale)
        if self.shift:
            t = t - np.float32(self.shift)
        p = fma(fma(row[3], t, row[2]), t, row[1])
        return row[0] + fma(p, t, low_half(row[3]) * a)


def with_d(b, piece, d, origin):
    """The row for the polynomial b in t."""
    d = float(bfloat16(d))
    c = [b[0] - d * origin, b[1] - d, b[2], with_low_half(b[3], d)]
    # What c3 lacks is made up by the others, except for its third Chebyshev polynomial.
    lack, middle, half = b[3] - c[3], (piece.lo + piece.hi) / 2, (piece.hi - piece.lo) / 2
    c[2] += lack * 3 * middle
    c[1] += lack * (0.75 * half**2 - 3 * middle**2)
    return np.array(c, np.float32)


def fma(a, b, c):
    return np.float32(np.float64(a) * np.float64(b) + np.float64(c))


def fit(t, values, degree, weight=None):
    """The polynomial, lowest degree first, with nearly the smallest largest relative error."""
    weight = 1 / values if weight is None else weight
    matrix = np.vander(t, degree + 1, increasing=True) * weight[:, None]
    return np.linalg.lstsq(matrix, values * weight, rcond=None)[0]


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
