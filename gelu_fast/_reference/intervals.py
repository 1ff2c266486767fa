"""Arithmetic on arrays of float64 numbers that also computes bounds on the errors.

`selfcheck` evaluates definitions with it, and uses decimal arithmetic where the bound is too
large."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from .._core.arrays import Doubles, Mask

Numbers: TypeAlias = Doubles | float

# Twice the rounding error of float64. The functions below allow eight times as much (16 ULP), which
# is more than the errors of common C libraries and of NumPy.
ROUNDING = 2.0**-52
TINY = 2.0**-1074


class Balls:
    """Numbers whose distance from `middle` is at most `radius`. The operators + - * / accept balls
    and integers."""

    def __init__(self, middle: Numbers, radius: Numbers = 0.0) -> None:
        self.middle: Any = middle  # an array, or one number for all elements
        self.radius: Any = radius

    def __neg__(self) -> Balls:
        return Balls(-self.middle, self.radius)

    def __abs__(self) -> Balls:
        return Balls(abs(self.middle), self.radius)

    def __add__(self, other: Balls | float) -> Balls:
        other = balls(other)
        return rounded(self.middle + other.middle, self.radius + other.radius)

    def __mul__(self, other: Balls | float) -> Balls:
        other = balls(other)
        a, b = abs(self.middle), abs(other.middle)
        radius = a * other.radius + (b + other.radius) * self.radius
        return rounded(self.middle * other.middle, radius)

    def __truediv__(self, other: Balls | float) -> Balls:
        other = balls(other)
        middle = self.middle / other.middle
        least = np.maximum(abs(other.middle) - other.radius, 0.0)
        return rounded(middle, (self.radius + abs(middle) * other.radius) / least)

    def __sub__(self, other: Balls | float) -> Balls:
        return self + -balls(other)

    def __rsub__(self, other: Balls | float) -> Balls:
        return balls(other) - self

    def __rtruediv__(self, other: Balls | float) -> Balls:
        return balls(other) / self

    def __gt__(self, other: Balls | float) -> Balls:
        """1 where it is certainly true, 0 where it is certainly false, otherwise a ball that
        contains both."""
        difference = self - other
        either = abs(difference.middle) <= difference.radius
        return Balls(1.0 * (difference.middle > 0), 1.0 * either)

    def __le__(self, other: Balls | float) -> Balls:
        return 1 - (self > other)

    __radd__ = __add__
    __rmul__ = __mul__


def balls(number: Balls | float) -> Balls:
    return number if isinstance(number, Balls) else Balls(float(number))


def rounded(middle: Numbers, radius: Numbers, roundings: int = 1) -> Balls:
    return Balls(middle, radius + roundings * ROUNDING * np.abs(middle) + TINY)


# ---- The words of a definition. The radius of f(x) is the radius of x times a bound on the
# derivative, plus a bound on the rounding error.


def exp(x: Balls) -> Balls:
    value = np.exp(x.middle)
    return rounded(value, x.radius * np.exp(x.middle + x.radius), 8)


def expm1(x: Balls) -> Balls:
    return rounded(np.expm1(x.middle), x.radius * np.exp(x.middle + x.radius), 8)


def sqrt(x: Balls | float) -> Balls:
    value = np.sqrt(balls(x).middle)
    return rounded(value, balls(x).radius / value, 8)


def erf(x: Balls) -> Balls:
    return error_function(math.erf, x)


def erfc(x: Balls) -> Balls:
    return error_function(math.erfc, x)


def error_function(f: Callable[[float], float], x: Balls) -> Balls:
    value = np.fromiter(map(f, x.middle.tolist()), np.float64, x.middle.size)
    least = np.maximum(abs(x.middle) - x.radius, 0.0)
    return rounded(value, 1.13 * x.radius * np.exp(-least * least), 8)


def tanh(x: Balls) -> Balls:
    return rounded(np.tanh(x.middle), 4 * x.radius * decay(x), 8)


def sigmoid(x: Balls) -> Balls:
    small = np.exp(-abs(x.middle))
    value = np.where(x.middle > 0, 1.0, small) / (1 + small)
    return rounded(value, x.radius * np.exp(np.minimum(x.radius - abs(x.middle), 0.0)), 8)


def sigmoid_grad(x: Balls) -> Balls:
    return sigmoid(x) * sigmoid(-x)


def Phi(x: Balls) -> Balls:
    return erfc(-x / sqrt(2)) / 2


def phi(x: Balls) -> Balls:
    return exp(-x * x / 2) / sqrt(2 * PI)


def step(x: Balls) -> Balls:
    """1 where x > 0 and 0 elsewhere; 1/2 with the radius 1/2 where the sign of x is uncertain."""
    certain = (x.middle > x.radius) | (x.middle <= -x.radius)
    return Balls(np.where(certain, x.middle > 0, 0.5), np.where(certain, 0.0, 0.5))


def maximum(x: Balls, y: Balls | float) -> Balls:
    return Balls(np.maximum(x.middle, balls(y).middle), np.maximum(x.radius, balls(y).radius))


def minimum(x: Balls, y: Balls | float) -> Balls:
    return Balls(np.minimum(x.middle, balls(y).middle), np.maximum(x.radius, balls(y).radius))


def softplus(x: Balls) -> Balls:
    value = np.logaddexp(0.0, x.middle)
    return rounded(value, x.radius * np.exp(np.minimum(x.middle + x.radius, 0.0)), 8)


def log_Phi(x: Balls) -> Balls:
    """log(1 - Phi(-x)) for x >= 0, -x^2/2 - log(sqrt(2 pi) phi(x) / Phi(x)) for x < 0."""
    left = x.middle < 0
    q = Phi(Balls(-abs(x.middle), x.radius))
    right = rounded(np.log1p(-q.middle), q.radius / (1 - q.middle - q.radius), 8)
    ratio = phi_over_Phi(Balls(-abs(x.middle), x.radius))
    log_ratio = rounded(np.log(ratio.middle), ratio.radius / (ratio.middle - ratio.radius), 8)
    return where(left, -x * x / 2 - LOG_2PI / 2 - log_ratio, right)


def phi_over_Phi(x: Balls) -> Balls:
    """Below -10 it uses Laplace's continued fraction, a + 1 / (a + 2 / (a + ...)) for x = -a."""
    far = x.middle < -10
    ratio = a = np.where(far, -x.middle, 10.0)
    for k in range(20, 0, -1):
        ratio = a + k / ratio
    near = Balls(np.where(far, 0.0, x.middle))
    found = where(far, rounded(ratio, 0.0, 8), phi(near) / Phi(near))
    # The derivative is -ratio * (x + ratio), which is between -1 and 0.
    slope = (found.middle + x.radius) * (np.maximum(x.middle + x.radius, 0.0) + 0.8)
    return Balls(found.middle, found.radius + np.minimum(slope, 1.0) * x.radius)


def where(mask: Mask, x: Balls, y: Balls) -> Balls:
    return Balls(np.where(mask, x.middle, y.middle), np.where(mask, x.radius, y.radius))


def decay(x: Balls) -> Doubles:
    bound: Doubles = np.exp(2 * np.minimum(x.radius - abs(x.middle), 0.0))
    return bound


PI = rounded(math.pi, 0.0)
LOG_2PI = rounded(math.log(2 * math.pi), 0.0)
UNARY: tuple[Callable[..., Balls], ...] = (exp, expm1, sqrt, erf, erfc, tanh, Phi, phi, log_Phi)
UNARY += (phi_over_Phi, sigmoid, sigmoid_grad, step, softplus)
WORDS: dict[str, Callable[..., Balls] | Balls] = {
    **{f.__name__: f for f in UNARY},
    "max": maximum,
    "min": minimum,
    "pi": PI,
    "selu_alpha": rounded(1.6732632423543772848170429916717, 0.0),
    "selu_scale": rounded(1.0507009873554804934193349852946, 0.0),
}
