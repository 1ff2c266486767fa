"""Tests hardswish where its exact value is almost halfway between two numbers. Random tests do not
find such inputs; they are roots of a quadratic equation modulo powers of two."""

from fractions import Fraction

import numpy as np
import pytest

import gelu_fast

BITS = {"float32": 24, "float64": 53}
NEAR = 60  # the largest distance of 6 * y, in the smallest steps of x * (x + 3)


def roots(linear, constant, exponent):
    """Returns the X in [0, 2^exponent) with X^2 + linear * X = constant modulo 2^exponent; it finds
    them from the solutions modulo smaller powers."""
    found = [0]
    for e in range(exponent):
        lifted = (root + (bit << e) for root in found for bit in (0, 1))
        modulus = 2 << e
        found = [x for x in lifted if (x * x + linear * x - constant) % modulus == 0]
    return found


def near_ties(bits):
    """Yields numbers x of so many bits with 2^-10 <= |x| < 3, as Fractions."""
    for exponent in range(-10, 2):
        one = 1 << (bits - 1 - exponent)  # x = X / one; 6 y = (X^2 + 3 X one) / one^2
        for sign in (1, -1):
            for exponent_of_y in range(exponent - 3, exponent + 2):
                # y is halfway where X^2 + 3 X one is an odd multiple of 6 * 2^power
                power = exponent_of_y + bits - 2 - 2 * exponent
                for rest in set(range(-NEAR, NEAR + 1)) - {0}:
                    modulus = 4 << power
                    for root in roots(3 * one * sign, 6 * (1 << power) + rest, power + 2):
                        first = root + -(-((1 << (bits - 1)) - root) // modulus) * modulus
                        for x in range(first, 1 << bits, modulus):
                            number = Fraction(sign * x, one)
                            if -3 < number < 3 and is_near_tie(number, bits):
                                yield number


def is_near_tie(x, bits):
    distance = abs(exact(x) - halfway(exact(x), bits))
    return 0 < distance < ulp(exact(x), bits) / 2 ** (bits - 6)


def exact(x):
    return x * (x + 3) / 6


def ulp(y, bits):
    exponent = abs(y.numerator).bit_length() - y.denominator.bit_length()
    exponent -= abs(y) < Fraction(2) ** exponent
    return Fraction(2) ** (exponent - bits + 1)


def halfway(y, bits):
    """Returns the point halfway between the two numbers next to y."""
    return (y // ulp(y, bits) + Fraction(1, 2)) * ulp(y, bits)


def nearest(y, bits):
    return round(y / ulp(y, bits)) * ulp(y, bits)


@pytest.fixture(scope="module", params=BITS)
def hard(request):
    found = sorted(set(near_ties(BITS[request.param])))
    assert len(found) > 100
    return request.param, found


def test_hardswish(hard, isa):
    dtype, found = hard
    x = np.array([float(number) for number in found], dtype)
    want = np.array([float(nearest(exact(number), BITS[dtype])) for number in found], dtype)
    np.testing.assert_array_equal(gelu_fast.hardswish(x), want)
