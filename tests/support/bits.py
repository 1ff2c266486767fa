"""Inputs of every kind, and comparison to the last bit."""

from itertools import product

import numpy as np

from gelu_fast._core.dtypes import finfo, special_numbers


def uint(dtype):
    """The unsigned integer dtype with the size of a dtype."""
    return np.dtype(f"u{np.dtype(dtype).itemsize}")


def bits(array):
    """The bits of a float array as integers, in C order: these differ for -0.0 and 0.0."""
    array = np.asanyarray(array)
    native = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    return native.view(uint(native.dtype)).reshape(array.shape)


def assert_same_bits(got, want):
    __tracebackhide__ = True
    got, want = bits(got), bits(want)
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)


def specials(dtype):
    """Zeros, the ends of the subnormal and normal ranges, infinities and NaNs, of both signs."""
    positive = np.array(special_numbers(dtype), dtype)
    signalling_nan = (bits(np.array([np.inf], dtype)) + 1).astype(uint(dtype))
    positive = np.concatenate([positive, signalling_nan.view(dtype)])
    return np.concatenate([positive, -positive])


def samples(row, n, seed=0):
    """n inputs for a row of the table, shuffled: special values, random bit patterns (any exponent,
    any NaN), subnormal numbers, and values over the interval where the function varies."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(row.dtype)
    count, greatest = n // 3 + 1, np.iinfo(uint(dtype)).max
    anything = rng.integers(0, greatest, count, uint(dtype), True).view(dtype)
    largest_subnormal = bits(finfo(dtype).tiny) - 1
    subnormal = rng.integers(0, largest_subnormal, count // 4 + 1, uint(dtype), True).view(dtype)
    lo, hi = max(row.lo, -1000.0) - 1, min(row.hi, 1000.0) + 1
    with np.errstate(under="ignore"):
        varying = rng.uniform(lo, hi, n).astype(dtype)
    special = specials(dtype)
    mixed = np.concatenate([special, anything, subnormal, -subnormal, varying])[: max(n, 1)]
    return rng.permutation(mixed)[:n]


def inputs(row, n, seed=0):
    """One array of samples for each input of the function: (x,) or (dy, x)."""
    return tuple(samples(row, n, seed + 1000 * i) for i in range(row.nin))[::-1]


def arrays(row, n):
    """An array for each input: all combinations of special values, then samples; n in all."""
    grid = np.array(list(product(specials(row.dtype)[::2], repeat=row.nin))).T
    return tuple(
        np.concatenate([special, samples(row, n, seed)])[-n:]
        for seed, special in enumerate(grid.astype(row.dtype))
    )


def assert_same(got, want):
    """The same bits, except that NaNs may differ."""
    __tracebackhide__ = True
    for a, b in zip(got, want, strict=True):
        with np.errstate(invalid="ignore"):  # relu returns signalling NaNs
            number = ~np.isnan(a)
            np.testing.assert_array_equal(number, ~np.isnan(b))
        assert_same_bits(a[number], b[number])
