"""The table's domains: outside of [lo, hi] a function is its limit, or x itself."""

import numpy as np

import gelu_fast
from gelu_fast._core.dtypes import finfo


def beyond(edge, dtype):
    """Values from the edge of the domain outwards, the edge not included."""
    x = np.array(edge, dtype)
    exponents = np.linspace(np.log2(abs(edge)), finfo(dtype).maxexp - 0.01, 1000)[1:]
    outwards = np.copysign(np.array(np.inf, dtype), x)
    return np.append(np.nextafter(x, outwards), np.copysign(2.0**exponents, x).astype(dtype))


def test_constant_outside_of_domain(row, isa):
    function = getattr(gelu_fast, row.function)
    for edge in (row.lo, row.hi):
        if np.isinf(edge):
            continue
        x = beyond(edge, row.dtype)
        assert np.all(np.abs(x) >= np.abs(np.array(edge, row.dtype)))
        ones = [np.ones((), row.dtype)] * (row.nin - 1)  # dy
        limit = function(*ones, np.array(np.copysign(np.inf, edge), row.dtype))
        expected = np.full_like(x, limit)
        got = function(*ones, x)
        np.testing.assert_array_equal(got, expected)
        np.testing.assert_array_equal(np.signbit(got), np.signbit(expected))
