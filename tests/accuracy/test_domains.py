"""Outside of its domain [lo, hi] in the table, a function equals its limit or x itself."""

import numpy as np

import gelu_fast
from gelu_fast._core.dtypes import finfo


def beyond(edge, dtype):
    """Returns numbers outside of the domain, from its edge outwards, without the edge."""
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
