"""Mean and standard deviation of numbers that come in blocks."""

import math

import numpy as np

from .._core.arrays import Doubles


class Moments:
    """The moments of all float64 numbers added so far.

    The formulas of Chan, Golub and LeVeque (Updating formulae and a pairwise algorithm for
    computing sample variances, 1979) join two blocks; they do not subtract large sums from each
    other. Within a block, `add` computes the mean first, then the squared distances from it.
    """

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self.squares = 0.0  # the sum of (number - mean)^2

    def add(self, numbers: Doubles) -> None:
        if not numbers.size:
            return
        with np.errstate(over="ignore", invalid="ignore"):  # an overflow gives infinity or NaN
            mean = float(np.mean(numbers))
            squares = float(np.sum((numbers - mean) ** 2))
        count = self.count + numbers.size
        apart = mean - self.mean
        self.mean += apart * (numbers.size / count)
        self.squares += squares + apart * apart * (self.count * (numbers.size / count))
        self.count = count

    @property
    def std(self) -> float:
        """The standard deviation as np.std computes it: the divisor is the count."""
        return math.sqrt(self.squares / self.count) if self.count else math.nan
