"""Rounds values of functions to 8 bits correctly, as if the values and the scales were exact
numbers.

It computes in float64 with bounds on the error. If the bounds allow more than one result, it
repeats the computation with more digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._core.arrays import Array, Doubles, Dtype
from .._reference import intervals
from .._reference.decimals import CONTEXT, PRODUCT, asymptote, definition, exact
from .._reference.intervals import Balls

# The numbers of digits to try. The largest distinguishes tanh(x) = x - x^3 / 3 ... from x at
# 5e-324. A value that it cannot distinguish from a tie is a tie: decimal arithmetic computes the
# values at ties, such as sigmoid(0) = 1/2, exactly.
DIGITS = (40, 80, 160, 320, 640, 1320)
# Beyond this x a function stays on one side of its asymptote, and is soon so close to it that no
# number of digits shows the difference.
FAR = 10
# How decimal rounds a tie: ROUND_HALF_UP rounds it away from zero.
DECIMAL_ROUNDING = {"even": ROUND_HALF_EVEN, "away": ROUND_HALF_UP}


class Target:
    """The 8-bit numbers q that represent scale * (q - zero_point), for arrays of scales and zero
    points. `rounding` says how a tie is rounded, to "even" or "away" from zero."""

    def __init__(
        self, scale: Doubles, zero_point: NDArray[np.int64], dtype: Dtype, rounding: str
    ) -> None:
        info = np.iinfo(dtype)
        self.dtype, self.scale, self.zero_point = dtype, scale, zero_point
        self.rounding = rounding
        self.least, self.most = info.min - zero_point, info.max - zero_point

    def round(self, ball: Balls, settle: Callable[[int], int]) -> Array:
        """The nearest q for values with error bounds. Where the bounds allow more than one q,
        settle(i) computes q - zero_point."""
        quotient = ball / Balls(self.scale)
        radius = quotient.radius + 4 * intervals.ROUNDING * abs(quotient.middle)
        low, high = (
            np.clip(self.nearest(end), self.least, self.most)
            for end in (quotient.middle - radius, quotient.middle + radius)
        )
        for i in np.flatnonzero(~(low == high)).tolist():
            low[i] = settle(i)
        rounded: Array = (low + self.zero_point).astype(self.dtype)
        return rounded

    def nearest(self, x: Doubles) -> Doubles:
        """The nearest integers."""
        nearest: Doubles = np.rint(x)
        if self.rounding == "away":
            whole = np.trunc(x)
            nearest = np.where(abs(x - whole) == 0.5, whole + np.sign(x), nearest)
        return nearest

    def settle_function(self, i: int, function: str, x: Decimal) -> int:
        """q - zero_point for the value of a function at the exact number x."""
        with localcontext(CONTEXT) as context:
            scale, least, most = Decimal(self.scale[i]), int(self.least[i]), int(self.most[i])
            halves, side = tie_far_out(function, x, scale)
            if side:
                return max(least, min(most, (halves + side) // 2))
            low, high = least, most
            for digits in DIGITS:
                context.prec = digits
                value = exact(function, x, digits=digits)
                # Next to a zero crossing, up to 20 digits are lost.
                error = abs(value) * Decimal(10) ** -(digits // 2 - 4)
                ends = (value - error) / scale, (value + error) / scale
                inside = (max(Decimal(least), min(Decimal(most), end)) for end in ends)
                rounding = DECIMAL_ROUNDING[self.rounding]
                low, high = (int(end.to_integral_value(rounding)) for end in inside)
                if low == high:
                    return low
        # The value is a tie.
        if self.rounding == "even":
            return low if low % 2 == 0 else high
        return low if low < 0 else high

    def settle_number(self, i: int, value: float) -> int:
        """q - zero_point for a float64 number."""
        least, most = int(self.least[i]), int(self.most[i])
        if np.isinf(value):
            return most if value > 0 else least
        quotient = Fraction(value) / Fraction(self.scale[i])
        nearest = round(quotient)  # a tie to even
        if self.rounding == "away" and abs(quotient) % 1 == Fraction(1, 2):
            nearest = math.floor(quotient) if quotient < 0 else math.ceil(quotient)
        return max(least, min(most, nearest))


def tie_far_out(function: str, x: Decimal, scale: Decimal) -> tuple[int, int]:
    """(2 t, side) if the asymptote of the function at x, divided by scale, is a tie t.

    side is 1 if the value is above t and -1 if it is below. Otherwise the result is (0, 0)."""
    line = asymptote(function, x) if abs(x) > FAR else None
    if line is None:
        return 0, 0
    with localcontext(CONTEXT) as context:
        context.prec = PRODUCT
        halves = (2 * line / scale).to_integral_value()
        if halves % 2 == 0 or halves * scale != 2 * line:
            return 0, 0
    return int(halves), side_of_asymptote(function, x > 0)


@cache
def side_of_asymptote(function: str, right: bool) -> int:
    """1 if a function is above its asymptote beyond FAR, -1 if it is below, and 0 if it equals the
    asymptote or has none."""
    x = Decimal(FAR if right else -FAR)
    line = asymptote(function, x)
    if line is None:
        return 0
    with localcontext(CONTEXT) as context:
        context.prec = 320
        above = exact(function, x, digits=context.prec) - line
    if not Decimal("1e-150") < abs(above) < Decimal("1e-3"):
        return 0
    return 1 if above > 0 else -1


def round_function(
    function: str, in_scale: Doubles, steps: NDArray[np.int64], target: Target
) -> Array:
    """The q for the values of a function of the table at in_scale * steps."""
    with np.errstate(all="ignore"):
        names: dict[str, Any] = {"__builtins__": {}} | intervals.WORDS
        x = intervals.rounded(in_scale * steps, 0.0)
        ball = eval(definition(function), names, {"x": x})

        def settle(i: int) -> int:
            with localcontext(CONTEXT) as context:
                context.prec = PRODUCT
                exact_x = Decimal(in_scale[i]) * int(steps[i])
            return target.settle_function(i, function, exact_x)

        return target.round(ball, settle)


def round_numbers(values: Doubles, target: Target) -> Array:
    """The q for float64 numbers, which must not contain NaN."""
    with np.errstate(all="ignore"):
        return target.round(Balls(values), lambda i: target.settle_number(i, values[i]))
