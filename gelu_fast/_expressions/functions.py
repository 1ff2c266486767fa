"""The functions with parameters as expressions of arrays: x, the parameters, and the output.

In float32 and the 16-bit dtypes, the steps are computed in float64, so their errors do not show. In
float64, products with a parameter and quotients by it are carried as two words. Powers of two are
factors that are kept apart until the last step, because a result may be a normal number though
exp(beta * x) has underflowed."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .._core import _ufuncs
from .._core.arrays import Array, Doubles
from .words import LOG2, LOG2_HIGH, LOG2_LOW, finite, product, quotient

Integers: TypeAlias = np.integer[Any] | NDArray[np.integer[Any]]

ours = SimpleNamespace(**_ufuncs.ufuncs())

# With parameters of this range, no step in float64 loses digits that a float32 result has.
USUAL = 2.0**-500, 2.0**500


def linear(x: Array, out: Array) -> None:
    np.copyto(out, x)


def logsigmoid(x: Array, out: Array) -> None:
    np.negative(ours.softplus(np.negative(x)), out=out)


def leaky_relu(x: Array, negative_slope: float, out: Array) -> None:
    wide = np.dtype(np.float32) if x.itemsize == 2 else x.dtype
    ours.leaky_relu(x, negative_slope, out=out, dtype=wide, casting="same_kind")


def hardtanh(x: Array, min_val: float, max_val: float, out: Array) -> None:
    low, high = (np.float64(limit).astype(x.dtype) for limit in (min_val, max_val))
    np.minimum(np.maximum(x, low), high, out=out)


def hard_sigmoid(x: Array, slope: float, offset: float, out: Array) -> None:
    high, low = product(x.astype(np.float64), slope)
    y = (high + offset) + finite(low)  # where the sum cancels, it is exact
    np.copyto(out, np.minimum(np.maximum(y, 0), 1), casting="same_kind")


def elu(x: Array, alpha: float, out: Array) -> None:
    wide = x.astype(np.float64)
    y = alpha * ours.elu(np.minimum(wide, 0))
    np.copyto(out, np.where(wide < 0, y, wide), casting="same_kind")


def celu(x: Array, alpha: float, out: Array) -> None:
    wide = x.astype(np.float64)
    left = np.minimum(wide, 0)
    if np.isinf(alpha):
        y = wide
    elif x.dtype != np.float64 and usual(alpha):
        y = alpha * np.expm1(left / alpha)
    else:
        y = scaled_expm1(left, alpha)
    np.copyto(out, np.where(wide < 0, y, wide), casting="same_kind")


def softplus(x: Array, beta: float, threshold: float, out: Array) -> None:
    if beta == 1 and threshold >= 20 and x.dtype != np.float64:
        ours.softplus(x, out=out)  # which rounds to x there
        return
    wide = x.astype(np.float64)
    t = wide * beta
    if beta == 1:
        y = ours.softplus(x).astype(np.float64)
    elif x.dtype != np.float64 and usual(beta):
        y = ours.softplus(t) / beta
    else:
        y = scaled_softplus(wide, beta)
    np.copyto(out, np.where(t > threshold, wide, y), casting="same_kind")


def stochastic(x: Array, draws: Array, out: Array) -> None:
    """Keeps x where a draw is less than Phi(x), otherwise makes it zero; keeps NaN."""
    dropped = draws >= ours.ndtr(x, dtype=np.float64)
    np.copyto(out, np.where(dropped, np.copysign(x.dtype.type(0), x), x))


def usual(parameter: float) -> bool:
    return USUAL[0] < abs(parameter) < USUAL[1]


# ---- float64


def scaled_softplus(x: Doubles, beta: float) -> Doubles:
    """log(1 + exp(beta * x)) / beta."""
    x_mantissa, x_exponent, mantissa, exponent = mantissas(x, beta)
    high, low = (scaled(word, x_exponent + exponent) for word in product(x_mantissa, mantissa))
    # Left of -40 softplus is exp, so a power of two is a factor: high + low = t + k * log(2)
    k = np.where(high < -40, np.rint(np.maximum(high + 40, -3000) / LOG2), 0)
    near = high - k * LOG2_HIGH
    low = finite(low) - k * LOG2_LOW
    t = near + low
    low = finite((near - t) + low) * ours.sigmoid(t)  # the derivative of softplus is sigmoid
    q, rest = quotient(ours.softplus(t), low, mantissa)
    y = scaled(q + finite(rest), k.astype(np.int32) - exponent)
    return np.where(high > 40, x, y)  # there, exp(-beta * x) / beta does not show


def scaled_expm1(x: Doubles, alpha: float) -> Doubles:
    """alpha * (exp(x / alpha) - 1) for x <= 0."""
    x_mantissa, x_exponent, mantissa, exponent = mantissas(x, alpha)
    words = quotient(x_mantissa, 0.0, mantissa)
    high, low = (scaled(word, x_exponent - exponent) for word in words)
    # Right of 40, where 1 does not show, a power of two is a factor: high + low = t + k * log(2).
    k = np.where(high > 40, np.rint(np.minimum(high, 3000) / LOG2), 0)
    near = high - k * LOG2_HIGH
    low = np.where(np.abs(high) < 3000, low, 0) - k * LOG2_LOW
    t = near + low
    low = (near - t) + low
    y = np.where(k > 0, np.exp(t), np.where(t < 0, ours.elu(t), np.expm1(t)))
    p, rest = product(y, mantissa)
    rest += low * np.where(k > 0, y, y + 1) * mantissa
    y = scaled(p + finite(rest), k.astype(np.int32) + exponent)
    return np.where(np.abs(high) < 2.0**-60, x, y)


def mantissas(x: Doubles, parameter: float) -> tuple[Doubles, Integers, float, int]:
    """The mantissas and exponents of x and the parameter; of usual ones, the numbers themselves."""
    if usual(parameter):
        return x, np.intp(0), parameter, 0
    return *np.frexp(x), *math.frexp(parameter)


def scaled(values: Doubles, exponent: Integers) -> Doubles:
    """values * 2^exponent"""
    return np.ldexp(values, exponent) if np.any(exponent) else values
