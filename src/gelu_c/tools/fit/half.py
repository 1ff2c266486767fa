"""For each number x of a 16-bit type: the float32 values of f(|x|), computed by the pieces, from
which math/NAME.h makes the correctly rounded result."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from exact import (
    SELU_SCALE,
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
    ndtr,
    selu,
    sigmoid,
    sigmoid_grad,
    silu,
    silu_grad,
    softplus,
    tanh_grad,
)

PRECISION = 250  # bits; a tie of subnormal bfloat16 numbers needs more than 133
AT_0 = -1.0  # in place of a share of a piece: the centre is 0
BEYOND = 120  # here every f that decays has underflowed


def fma(a, b, c):
    """a * b + c in float32, rounded once: the sum in double is rounded to odd."""
    product = np.float64(a) * np.float64(b)
    c = np.float64(c)
    total = product + c
    back = total - product
    rest = (product - (total - back)) + (c - back)
    even = (np.asarray(total).view(np.int64) & 1) == 0
    odd = np.nextafter(total, np.where(rest > 0, np.inf, -np.inf))
    return np.where((rest != 0) & even, odd, total).astype(np.float32)


def ordered16(bits):
    """16-bit patterns as integers in the order of their values, -0 just below 0."""
    bits = bits.astype(np.int32)
    return np.where(bits < 0x8000, bits, 0x7FFF - bits)


def ordered32(values):
    bits = values.view(np.int32).astype(np.int64)
    return np.where(bits >= 0, bits, -0x80000001 - bits)


def from_ordered32(numbers):
    return np.where(numbers >= 0, numbers, -0x80000001 - numbers).astype(np.int32).view(np.float32)


@dataclass(frozen=True)
class Format:
    name: str
    infinity: int  # its bits
    rounded: Callable  # float32 -> bits
    widened: Callable  # bits -> float32


def to_bfloat16(x):
    """As v_store_untied_BF16 in simd/*_f32.h: ties are rounded away from 0."""
    return ((x.view(np.uint32) + 0x8000) >> 16).astype(np.uint16)


def from_bfloat16(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32)


FORMATS = {
    "f16": Format(
        "float16",
        0x7C00,
        lambda x: x.astype(np.float16).view(np.uint16),
        lambda bits: bits.view(np.float16).astype(np.float32),
    ),
    "bf16": Format("bfloat16", 0x7F80, to_bfloat16, from_bfloat16),
}


@dataclass(frozen=True)
class Spec:
    f: Callable  # the function of a = |x| that the pieces approximate
    whole: Callable  # the function of x
    result: Callable  # (x, f(|x|)) -> the result, as math/NAME.h computes it
    doc: str
    tail: str = ""  # the sides on which bfloat16 has stored results beyond the limit
    unbounded: bool = False  # whether the function is unbounded on the right


def from_positive(x, f):
    """max(-0.0, x) - f, as gelu; max gives x if x is a zero."""
    return np.where(x >= 0, x, np.float32(-0.0)) - f


def signed(x, f):
    """f with the sign of x; f - 0 if f is negative, so that the result grows with f."""
    return np.where(np.signbit(x), -f, f)


def added(x, f):
    return np.where(x > 0, x, np.float32(0)) + f


def on_the_left(factor):
    """factor * x for x > 0, -f otherwise"""
    return lambda x, f: np.where(x > 0, np.float32(factor) * x, -f)


def reflected(top, sign):
    return lambda x, f: np.where(sign * x > 0, np.float32(top) - f, f)


SPECS = {
    "gelu": Spec(lambda a: -gelu(-a), gelu, from_positive, "-gelu(-a)", "left", True),
    "gelu_grad": Spec(lambda a: gelu_grad(-a), gelu_grad, reflected(1, 1), "gelu_grad(-a)", "left"),
    "gelu_grad2": Spec(gelu_grad2, gelu_grad2, lambda x, f: f, "gelu_grad2(a)", "both"),
    "gelu_tanh": Spec(
        lambda a: -gelu_tanh(-a), gelu_tanh, from_positive, "-gelu_tanh(-a)", "left", True
    ),
    "gelu_tanh_grad": Spec(
        lambda a: gelu_tanh_grad(-a), gelu_tanh_grad, reflected(1, 1), "gelu_tanh_grad(-a)", "left"
    ),
    "erf": Spec(lambda a: a.erf(), lambda x: x.erf(), signed, "erf(a)"),
    "erfc": Spec(lambda a: a.erfc(), lambda x: x.erfc(), reflected(2, -1), "erfc(a)", "right"),
    "ndtr": Spec(lambda a: ndtr(-a), ndtr, reflected(1, 1), "ndtr(-a)", "left"),
    "tanh": Spec(lambda a: a.tanh(), lambda x: x.tanh(), signed, "tanh(a)"),
    "sigmoid": Spec(lambda a: sigmoid(-a), sigmoid, reflected(1, 1), "sigmoid(-a)", "left"),
    "silu": Spec(lambda a: -silu(-a), silu, from_positive, "-silu(-a)", "left", True),
    "gelu_quick": Spec(
        lambda a: -gelu_quick(-a), gelu_quick, from_positive, "-gelu_quick(-a)", "left", True
    ),
    "silu_grad": Spec(lambda a: silu_grad(-a), silu_grad, reflected(1, 1), "silu_grad(-a)", "left"),
    "gelu_quick_grad": Spec(
        lambda a: gelu_quick_grad(-a),
        gelu_quick_grad,
        reflected(1, 1),
        "gelu_quick_grad(-a)",
        "left",
    ),
    "sigmoid_grad": Spec(sigmoid_grad, sigmoid_grad, lambda x, f: f, "sigmoid_grad(a)", "both"),
    "tanh_grad": Spec(tanh_grad, tanh_grad, lambda x, f: f, "tanh_grad(a)", "both"),
    "softplus": Spec(lambda a: softplus(-a), softplus, added, "softplus(-a)", "left", True),
    "elu": Spec(lambda a: -elu(-a), elu, on_the_left(1), "-elu(-a)", "", True),
    "selu": Spec(lambda a: -selu(-a), selu, on_the_left(float(SELU_SCALE)), "-selu(-a)", "", True),
}


def to_odd(x):
    """An exact value as a double, rounded to odd: rounding it again to a shorter type is right."""
    near = float(x.mid())
    if near == 0:
        return 1e-300 if x > 0 else -1e-300 if x < 0 else 0.0
    rest = x - arb(near)
    bits = np.float64(near).view(np.int64)
    if bits & 1 or not (rest > 0 or rest < 0):
        return near
    return float(np.nextafter(near, np.inf if rest > 0 else -np.inf))


def exact_values(f, numbers):
    """f at the floats, as doubles rounded to odd."""
    ctx.prec = PRECISION
    return np.array([to_odd(f(arb(float(x)))) for x in numbers])


def to_float32_odd(x):
    """Doubles as floats, rounded to odd."""
    near = x.astype(np.float32)
    rest = x - near.astype(np.float64)
    even = (near.view(np.int32) & 1) == 0
    away = np.copysign(np.float32(np.inf), rest.astype(np.float32))
    return np.where((rest != 0) & even, np.nextafter(near, away), near)


def right_results(name, fmt, x):
    """The correctly rounded results for the floats x."""
    whole = SPECS[name].whole
    largest = np.finfo(np.float32).max  # rounds to infinity
    inside = np.clip(x, -BEYOND, largest if SPECS[name].unbounded else BEYOND)
    exact = exact_values(whole, inside)
    exact = np.where(x == 0, float(whole(arb(0)).mid()), exact)
    if SPECS[name].result(np.float32(-0.0), np.float32(0)).view(np.int32) < 0:  # odd, or gelu
        exact = np.where(x == 0, x, exact)
    return fmt.rounded(to_float32_odd(exact))


def allowed(name, fmt, x):
    """The lowest and highest floats f(|x|) that lead to the right results, for the floats x."""
    target = ordered16(right_results(name, fmt, x))
    result = SPECS[name].result

    def outcome(f):
        return ordered16(fmt.rounded(result(x, f).astype(np.float32)))

    largest = int(ordered32(np.float32([3e38]))[0])
    top = outcome(from_ordered32(np.full(len(x), largest)))
    bottom = outcome(from_ordered32(np.full(len(x), -largest)))
    rising = top > bottom
    sign = np.where(rising, 1, -1)

    def first(condition):
        """The lowest ordered number that meets a condition; all above it meet it too."""
        below, above = np.full(len(x), -largest - 1), np.full(len(x), largest)
        while np.any(above - below > 1):
            middle = (below + above) // 2
            met = condition(sign * outcome(from_ordered32(middle)))
            above = np.where(met, middle, above)
            below = np.where(met, below, middle)
        return above

    low = first(lambda y: y >= sign * target)
    high = first(lambda y: y > sign * target) - 1
    return from_ordered32(low), from_ordered32(high)


@cache
def all_points(name, dtype):
    """(magnitudes, exact f, low and high for x > 0, low and high for x < 0)"""
    fmt = FORMATS[dtype]
    a = fmt.widened(np.arange(fmt.infinity + 1, dtype=np.uint16))
    exact = exact_values(SPECS[name].f, np.minimum(a, BEYOND))
    with np.errstate(all="ignore"):
        return a, exact, allowed(name, fmt, a), allowed(name, fmt, np.negative(a))


class Points:
    """The intervals of f: at each a, f must lie from low to high, which are floats. lo and hi are
    the ends of the real numbers that round to these floats."""

    def __init__(self, name, dtype, limit):
        a, exact, right, left = all_points(name, dtype)
        tail = SPECS[name].tail if dtype == "bf16" else ""
        beyond, infinite = a > limit, np.float32(np.inf)
        low, high = np.full(len(a), -infinite), np.full(len(a), infinite)
        for side, (side_low, side_high) in (("right", right), ("left", left)):
            seen = ~beyond if tail in (side, "both") else np.full(len(a), True)
            low = np.where(seen, np.maximum(low, side_low), low)
            high = np.where(seen, np.minimum(high, side_high), high)
        inside = np.count_nonzero(a < np.float32(limit))
        limit_exact = exact_values(SPECS[name].f, [limit])
        self.a = np.append(a[:inside], np.float32(limit))
        self.exact = np.append(exact[:inside], limit_exact)
        self.low = np.append(low[:inside], np.max(low[inside:]))
        self.high = np.append(high[:inside], np.min(high[inside:]))
        self.low = np.maximum(self.low, np.float32(-1e6))
        self.high = np.minimum(self.high, np.float32(1e6))
        before, after = np.nextafter(self.low, -infinite), np.nextafter(self.high, infinite)
        self.lo = (before.astype(np.float64) + self.low) / 2
        self.hi = (after.astype(np.float64) + self.high) / 2

    def zero_in(self, first):
        """Whether the piece that begins at this point holds f(0) = 0; then its centre and c0 are
        0."""
        return first == 0 and self.exact[0] == 0

    def centre(self, first, end, share):
        """A float with few bits near that share of a piece; a - centre is exact unless a is
        tiny."""
        if share == AT_0 or self.zero_in(first):
            return np.float32(0)
        lo, hi = float(self.a[first]), float(self.a[end - 1])
        step = 2.0 ** (int(np.frexp(max(hi - lo, hi / 64))[1]) - 6)
        return np.float32(np.rint((lo + share * (hi - lo)) / step) * step)
