"""Sums of two numbers: the words of a product and of a quotient are exact."""

from fractions import Fraction

import numpy as np

from gelu_fast._expressions.words import LOG2, LOG2_HIGH, LOG2_LOW, finite, product, quotient


def mantissas(seed):
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], 2000)
    return signs * np.random.default_rng(seed).uniform(0.5, 1, 2000)


def test_product():
    a, b = mantissas(70), mantissas(71)
    for high, low, x, y in zip(*product(a, b), a, b, strict=True):
        assert high == x * y
        assert Fraction(high) + Fraction(low) == Fraction(x) * Fraction(y)


def test_product_by_a_number():
    a = mantissas(72)
    for high, low, x in zip(*product(a, 0.7), a, strict=True):
        assert Fraction(high) + Fraction(low) == Fraction(x) * Fraction(0.7)


def test_quotient():
    a, b = mantissas(73), mantissas(74)
    for low in (0.0, 3e-17):
        for q, rest, x, y in zip(*quotient(a, low, b), a, b, strict=True):
            right = (Fraction(x) + Fraction(low)) / Fraction(y)
            assert abs(Fraction(q) + Fraction(rest) - right) <= Fraction(2) ** -104


def test_finite():
    values = finite(np.array([1.0, np.inf, -np.inf, np.nan, -2.0]))
    assert values.tolist() == [1.0, 0.0, 0.0, 0.0, -2.0]


def test_log2():
    """The first word has 40 bits after the point; both together have twice the precision."""
    assert (LOG2_HIGH * 2**40).is_integer()
    assert LOG2_HIGH + LOG2_LOW == LOG2 == np.log(2)
    digits = Fraction(693147180559945309417232121458176568, 10**36)
    assert abs(Fraction(LOG2_HIGH) + Fraction(LOG2_LOW) - digits) < Fraction(2) ** -93
