"""Every ufunc against Arb: all float16 numbers; a few thousand float32 and float64, specials,
boundaries, zero crossings and the table's worst inputs among them. (test_accuracy_bulk.py does
millions, against a reference that is itself checked against Arb.)"""

from functools import cache

import numpy as np
from reference import error_ulp, limits, one_reference, reference

import gelu_fast
from gelu_fast import _ufuncs


def zero_crossings(function, lo, hi):
    """Where the function changes its sign, other than at 0: float64 numbers just below."""

    def sign(x):
        return np.sign(one_reference(function, "float64", x)[0])

    grid = np.linspace(lo, hi, 257)
    signs = np.array([sign(x) for x in grid])
    for i in np.flatnonzero(signs[:-1] * signs[1:] < 0):
        a, b = grid[i], grid[i + 1]
        if a <= 0 <= b:
            continue
        while a < (middle := a + (b - a) / 2) < b:
            a, b = (middle, b) if sign(middle) == signs[i] else (a, middle)
        yield a


def neighbours(x, dtype, reach):
    """The numbers of the dtype nearest to x, in both directions."""
    x = np.array(x, dtype)
    found = [x]
    for direction in (-np.inf, np.inf):
        y = x
        for _ in range(reach):
            y = np.nextafter(y, np.array(direction, dtype))
            found.append(y)
    return found


@cache
def inputs(function, dtype):
    """Inputs for a row of the table, and their Reference."""
    if dtype == "float16":
        x = np.arange(2**16, dtype=np.uint16).view(np.float16)
        return x, reference(function, dtype, x)
    rows = [row for row in _ufuncs.table() if row["function"] == function]
    finite = [v for row in rows for v in (row["lo"], row["hi"], row["worst"]) if np.isfinite(v)]
    lo, hi = min(finite) - 1, max(finite) + 1
    points = [*finite, *zero_crossings(function, lo, hi)]
    info = np.finfo(dtype)
    extremes = [info.max, info.tiny, info.smallest_subnormal]
    powers = 2.0 ** np.arange(info.minexp - info.nmant, info.maxexp, 1 if info.bits == 32 else 8)
    random = np.random.default_rng(20)
    patterns = random.integers(0, 2**info.bits, 500, f"u{info.bits // 8}")
    with np.errstate(invalid="ignore"):  # signalling NaNs are inputs too
        parts = [
            np.array([0.0, np.inf, np.nan, *extremes], dtype),
            np.array([y for p in points for y in neighbours(p, dtype, 20)]),
            np.array([y for p in powers for y in neighbours(p, dtype, 1)]),
            random.uniform(lo, hi, 1000).astype(dtype),
            np.exp2(random.uniform(-60, 10, 500)).astype(dtype),
            patterns.view(dtype),
        ]
        x = np.concatenate([*parts, *(-part for part in parts)])
    return x, reference(function, dtype, x)


def test_error_within_bound(row, isa):
    x, want = inputs(row.function, row.dtype)
    got = getattr(gelu_fast, row.function)(x)
    assert got.dtype == row.dtype
    error = error_ulp(got, want)
    i = np.argmax(error)
    assert error[i] <= row.bound_ulp, (
        f"{error[i]:.4f} ULP at x = {float(x[i]).hex()}: got {float(got[i]).hex()}, "
        f"want {want.nearest[i].item().hex()}"
    )


def test_limits(row, isa):
    assert {"-inf", "inf"} <= limits(row.function).keys()
    for point, value in limits(row.function).items():
        got = getattr(gelu_fast, row.function)(np.array(float(point), row.dtype))
        assert got == value, point
        assert np.signbit(got) == np.signbit(value), point


def test_nan_gives_nan(row, isa):
    bits = np.dtype(row.dtype).itemsize * 8
    infinity = np.array(np.inf, row.dtype).view(f"u{bits // 8}")
    quiet = np.array(np.nan, row.dtype).view(f"u{bits // 8}")
    nans = np.array([infinity + 1, quiet, quiet + 1], f"u{bits // 8}")  # the first is signalling
    x = np.repeat(np.concatenate([nans, nans | (1 << (bits - 1))]), 50).view(row.dtype)
    assert np.isnan(getattr(gelu_fast, row.function)(x)).all()
