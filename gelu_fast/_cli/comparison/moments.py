"""Mean and standard deviation of numbers that come in blocks."""

import math

import numpy as np

from ..._core.arrays import Doubles

LEAST = -1074  # 2^LEAST is the smallest number of float64
# In units, the numbers are below 1. So are their mean and standard deviation, but for rounding.
BELOW_1 = math.nextafter(1.0, 0.0)


class Moments:
    """The moments of all finite float64 numbers added so far.

    The formulas of Chan, Golub and LeVeque (Updating formulae and a pairwise algorithm for
    computing sample variances, 1979) join two blocks; they do not subtract large sums from each
    other. Within a block, `add` computes the mean first, then the squared distances from it.

    Sums and squares can leave the range of float64 where mean and standard deviation do not, so
    everything is computed in units of a power of two that is just above the largest number.
    """

    def __init__(self) -> None:
        self.count = 0
        self.exponent = LEAST  # the unit is 2^exponent
        self.mean_in_units = 0.0
        self.squares = 0.0  # the sum of (number - mean)^2, in squared units

    def add(self, numbers: Doubles) -> None:
        if not numbers.size:
            return
        self.raise_unit(float(np.abs(numbers).max()))
        numbers = np.ldexp(numbers, -self.exponent)
        # Rounding can put the mean of equal numbers beside them.
        mean = float(np.clip(np.mean(numbers), numbers.min(), numbers.max()))
        squares = float(np.sum((numbers - mean) ** 2))
        count = self.count + numbers.size
        apart = mean - self.mean_in_units
        self.mean_in_units += apart * (numbers.size / count)
        self.squares += squares + apart * apart * (self.count * (numbers.size / count))
        self.count = count

    def raise_unit(self, largest: float) -> None:
        """Makes the unit larger than the number `largest`."""
        exponent = math.frexp(largest)[1] if largest else LEAST
        if exponent > self.exponent:
            self.mean_in_units = math.ldexp(self.mean_in_units, self.exponent - exponent)
            self.squares = math.ldexp(self.squares, 2 * (self.exponent - exponent))
            self.exponent = exponent

    @property
    def mean(self) -> float:
        return math.ldexp(max(-BELOW_1, min(BELOW_1, self.mean_in_units)), self.exponent)

    @property
    def std(self) -> float:
        """The standard deviation as np.std computes it: the divisor is the count."""
        if not self.count:
            return math.nan
        return math.ldexp(min(BELOW_1, math.sqrt(self.squares / self.count)), self.exponent)
