"""The documentation gives the minimum of GELU as Arb computes it.

GELU's derivative is Phi(x) + x phi(x), whose own derivative is phi(x) (2 - x^2). So from 0, its
limit at -inf, it falls until -sqrt(2), rises from there to sqrt(2), through one zero, and falls to
1. GELU falls before that zero and rises after it."""

import math

import pytest
from flint import arb, ctx
from support import ROOT
from support.reference import value

import gelu_fast

PAGE = (ROOT / "docs" / "command_line.md").read_text()


@pytest.fixture(scope="module")
def minimum():
    """Returns (x, gelu(x)) at the minimum of gelu, rounded to five digits."""
    low, high = -math.sqrt(2), 0.0
    assert value("gelu_grad", low) < 0 < value("gelu_grad", high)
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if value("gelu_grad", middle) < 0 else (low, middle)
    with ctx.workprec(100):
        place = arb(low).union(arb(high))
        least = value("gelu", low).union(value("gelu", high))
        assert place.rel_accuracy_bits() > 40
        assert least.rel_accuracy_bits() > 40
        return place.str(5, radius=False), least.str(5, radius=False)


def test_digits(minimum):
    assert minimum == ("-0.75179", "-0.16997")


@pytest.mark.parametrize("name", ["gelu", "gelu_grad"])
def test_docstrings(minimum, name):
    for number in minimum:
        assert number in getattr(gelu_fast, name).__doc__


def test_page(minimum):
    place, least = minimum
    assert f"{least} at x = {place}" in PAGE
