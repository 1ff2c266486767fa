"""Values of functions rounded to 8 bits, as if they and the scales were exact numbers: in float64
arithmetic with bounds on its error, and in more digits where those leave more than one number to
choose from."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import numpy as np

from gelu_fast import _balls
from gelu_fast._exact import CONTEXT, definition, exact

# Digits to decide with. A value that cannot be told from a tie in the last of them is one: the
# ties there are, such as sigmoid(0) = 1/2, are values that decimal arithmetic finds exactly.
DIGITS = (40, 80, 160, 320)
PRODUCT = 1100  # digits that hold a float64 number times an integer of nine bits


class Target:
    """The 8-bit numbers q of a scale and a zero point, for arrays of these: q stands for
    scale * (q - zero_point)."""

    def __init__(self, scale, zero_point, dtype):
        info = np.iinfo(dtype)
        self.dtype, self.scale, self.zero_point = dtype, scale, zero_point
        self.least, self.most = info.min - zero_point, info.max - zero_point

    def round(self, ball, settle):
        """The nearest q for numbers that are balls; settle(i) is q - zero_point where it takes more
        than that."""
        quotient = ball / _balls.Balls(self.scale)
        radius = quotient.radius + 4 * _balls.ROUNDING * abs(quotient.middle)
        low, high = (
            np.clip(np.rint(end), self.least, self.most)
            for end in (quotient.middle - radius, quotient.middle + radius)
        )
        for i in np.flatnonzero(~(low == high)):
            low[i] = settle(i)
        return (low + self.zero_point).astype(self.dtype)

    def settle_function(self, i, function, x):
        """q - zero_point for the value of a function at the exact number x."""
        scale, least, most = Decimal(self.scale[i]), int(self.least[i]), int(self.most[i])
        for digits in DIGITS:
            value = exact(function, x, digits=digits)
            # As many as 20 digits are lost next to a zero crossing.
            error = abs(value) * Decimal(10) ** -(digits // 2 - 4)
            with localcontext(CONTEXT) as context:
                context.prec = digits
                ends = [(value - error) / scale, (value + error) / scale]
                low, high = (
                    int(max(least - 1, min(most + 1, end)).to_integral_value(ROUND_HALF_EVEN))
                    for end in map(Decimal, ends)
                )
            if low == high:
                break
        nearest = low if low % 2 == 0 else high  # half way between them, if they differ
        return max(least, min(most, nearest))

    def settle_number(self, i, value):
        """q - zero_point for a float64 number."""
        least, most = int(self.least[i]), int(self.most[i])
        if np.isinf(value):
            return most if value > 0 else least
        return max(least, min(most, round(Fraction(value) / Fraction(self.scale[i]))))


def round_function(function, in_scale, steps, target):
    """The q of a function of the table at the numbers in_scale * steps."""
    with np.errstate(all="ignore"):
        x = in_scale * steps
        x = _balls.rounded(x, 0.0)
        names = {"__builtins__": {}} | _balls.WORDS
        ball = eval(definition(function), names, {"x": x})

        def settle(i):
            with localcontext(CONTEXT) as context:
                context.prec = PRODUCT
                exact_x = Decimal(in_scale[i]) * int(steps[i])
            return target.settle_function(i, function, exact_x)

        return target.round(ball, settle)


def round_numbers(values, target):
    """The q of float64 numbers, none a NaN."""
    with np.errstate(all="ignore"):
        return target.round(_balls.Balls(values), lambda i: target.settle_number(i, values[i]))
