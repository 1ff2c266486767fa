"""Reference values of functions for arrays of inputs, and errors in ULP against them.

The values are computed in float64 with bounds on their errors. Where a bound is too large, they are
computed in decimal arithmetic: for all float64 results, and for the smaller dtypes near a zero
crossing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .._core.arrays import Array, Doubles, Mask
from .._core.dtypes import finfo
from .._core.table import limits
from . import intervals
from .decimals import ARGUMENTS, CONTEXT, FAR, definition, exact

GOOD = 2.0**-6  # ULP: the largest allowed error of a reference value in float64
NEGLIGIBLE = 1e-150  # smaller than all nonzero products of two float32 numbers
OF_ZERO = -10_000  # exponent of the "ULP" of exactly 0: so small that any other result is wrong


@dataclass
class Reference:
    """Reference values for exact values r.

    The distance between r and `middle` + `rest` ULP is at most `slack` ULP, where an ULP is
    2^exponent. `middle` is infinite where r rounds to an infinity in the dtype."""

    middle: Doubles
    rest: Doubles
    slack: Doubles
    exponent: NDArray[np.int64]

    def settle(self, i: int, function: str, dtype: str, inputs: Sequence[Array]) -> None:
        """Replaces item i by the value from decimal arithmetic."""
        values = [float(x[i]) for x in inputs]
        self.middle[i], self.rest[i], self.exponent[i] = exact_item(function, dtype, values)
        self.slack[i] = 0.0

    def item(self, i: int) -> Reference:
        """Item i as a Reference with arrays of one element."""
        one = slice(i, i + 1)
        return Reference(self.middle[one], self.rest[one], self.slack[one], self.exponent[one])


def reference(function: str, dtype: str, inputs: Sequence[Array]) -> Reference:
    """The Reference for arrays of inputs of the given dtype."""
    inputs = [x.astype(np.float64) for x in inputs]
    finite = np.logical_and.reduce([np.isfinite(x) for x in inputs])
    middle, rest, slack = (np.zeros(finite.size) for _ in range(3))
    found = Reference(middle, rest, slack, np.zeros(finite.size, np.int64))
    if dtype == "float64":
        settle = np.ones(finite.size, bool)
    else:
        settle = fill(found, function, dtype, [np.where(finite, x, 1.0) for x in inputs])
    nan = np.logical_or.reduce([np.isnan(x) for x in inputs])
    found.middle[nan], found.slack[nan] = np.nan, 0.0
    for i in np.flatnonzero((settle | ~finite) & ~nan).tolist():
        found.settle(i, function, dtype, inputs)
    return found


def fill(found: Reference, function: str, dtype: str, inputs: Sequence[Doubles]) -> Mask:
    """Fills in reference values from float64 arithmetic, and returns a mask of those that are not
    accurate enough."""
    arguments = map(intervals.Balls, inputs)
    ball = eval(
        definition(function),
        {"__builtins__": {}} | intervals.WORDS,
        dict(zip(ARGUMENTS[len(inputs)], arguments, strict=True)),
    )
    size, radius = abs(ball.middle), ball.radius
    found.middle = ball.middle
    found.exponent = ulp_exponent(dtype, np.frexp(np.maximum(size - radius, 0.0))[1] - 1)
    found.exponent[~(size > radius)] = ulp_exponent(dtype, -2000)
    found.slack = np.ldexp(radius, -found.exponent)
    largest = float(overflow(dtype))
    zero = np.logical_or.reduce([x == 0 for x in inputs])
    far = (size <= radius) & (size + radius < NEGLIGIBLE) & ~zero
    settle: Mask = ~(found.slack <= GOOD) | zero | (size <= radius) & ~far
    settle |= abs(size - largest) <= radius
    found.middle[size >= largest] = np.copysign(np.inf, found.middle)[size >= largest]
    if far.any():
        found.middle[far] = 0.0
        for signs in product((1.0, -1.0), repeat=len(inputs)):
            near = [*signs[:-1], signs[-1] * FAR]
            if exact(function, *near).is_signed():
                there = [np.sign(x) == sign for x, sign in zip(inputs, signs, strict=True)]
                found.middle[far & np.logical_and.reduce(there)] = -0.0
    return settle


def exact_item(function: str, dtype: str, inputs: Sequence[float]) -> tuple[float, float, int]:
    """(nearest float64 number, rest in ULP, exponent of an ULP) for the exact value."""
    *dy, x = inputs
    if np.isinf(x):
        limit = float(np.prod([*dy, limits(function)[repr(float(x))]]))
        return (
            limit,
            0.0,
            OF_ZERO if limit == 0 else int(ulp_exponent(dtype, np.frexp(limit)[1] - 1)),
        )
    value = exact(function, *inputs)
    if value == 0 and not all(inputs):
        return float(value), 0.0, OF_ZERO
    with localcontext(CONTEXT):
        if abs(value) >= overflow(dtype):
            return -np.inf if value < 0 else np.inf, 0.0, 0
        nearest = float(value)
        mantissa, power = np.frexp(nearest)
        below = abs(mantissa) == 0.5 and abs(value) < abs(Decimal(nearest))
        exponent = int(ulp_exponent(dtype, power - 1 - below if mantissa else -2000))
        return nearest, float((value - Decimal(nearest)) / Decimal(2) ** exponent), exponent


def ulp_exponent(dtype: DTypeLike, exponent: Any) -> Any:
    info = finfo(dtype)
    return np.maximum(exponent, info.minexp) - info.nmant


@cache
def overflow(dtype: DTypeLike) -> Decimal:
    """The smallest number that rounds to infinity."""
    info = finfo(dtype)
    with localcontext(CONTEXT):
        return Decimal(2) ** info.maxexp - Decimal(2) ** (info.maxexp - info.nmant - 2)


def error_ulp(got: Array, want: Reference) -> Doubles:
    """abs(got - r) / ulp(r), elementwise; ulp(r) = 2^(max(exponent(r), emin) - mantissa bits).

    The error is infinite if a zero has the wrong sign, or if one of the two is infinite or NaN and
    the other is not the same."""
    got = got.astype(np.float64)
    error = np.abs(np.ldexp(got - want.middle, -want.exponent) - want.rest)
    special = ~(np.isfinite(got) & np.isfinite(want.middle))
    if special.any():
        same = (got == want.middle) | (np.isnan(got) & np.isnan(want.middle))
        error[special] = np.where(same, 0.0, np.inf)[special]
    error[(got == 0) & (np.signbit(got) != np.signbit(want.middle))] = np.inf
    return error
