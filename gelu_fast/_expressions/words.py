"""Sums of two float64 numbers, the second far smaller than the first, and powers of two.

The functions take arrays or numbers of float64. They neither overflow nor underflow if the
arguments are mantissas, as `numpy.frexp` returns them."""

import numpy as np

from .._core.arrays import Doubles

SPLIT = 2.0**27 + 1  # Veltkamp's constant for 53 bits

# log(2) in two words: the product of the first, which has 40 bits, and an integer of 13 bits is
# exact.
LOG2 = 0.6931471805599453094
LOG2_HIGH = float.fromhex("0x1.62E42FEFA2p-1")
LOG2_LOW = float.fromhex("0x1.9EF35793C7673p-41")


def product(a: Doubles | float, b: Doubles | float) -> tuple[Doubles, Doubles]:
    """a * b as its rounded value and the exact rest (Dekker, 1971)."""
    a_high, a_low = halves(a)
    b_high, b_low = halves(b)
    p = np.multiply(a, b)
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def halves(a: Doubles | float) -> tuple[Doubles | float, Doubles | float]:
    """a as the sum of two numbers of at most 26 bits."""
    scaled = SPLIT * a
    high = scaled - (scaled - a)
    return high, a - high


def quotient(a: Doubles, low: Doubles | float, b: Doubles | float) -> tuple[Doubles, Doubles]:
    """(a + low) / b as its rounded value, nearly, and the rest."""
    q = np.divide(a, b)
    p, rest = product(q, b)
    return q, (((a - p) - rest) + low) / b


def finite(values: Doubles) -> Doubles:
    """The values, but 0 for those that are infinite or NaN: the rests of such results."""
    return np.where(np.isfinite(values), values, 0)
