"""Inputs at which the tests measure the error of a function with Arb."""

from functools import cache

import numpy as np

from gelu_fast._core import _ufuncs
from gelu_fast._core.dtypes import finfo
from gelu_fast._reference.crossings import sign_changes
from support.reference import one_reference, reference

FAR = 1000  # only worst inputs of functions that grow like a^2/2 or a may lie beyond


def table_points(function):
    """The finite lo and hi of the rows of a function, and its worst inputs."""
    rows = [row for row in _ufuncs.table() if row.function == function]
    points = [point for row in rows for point in (row.lo, row.hi, row.worst)]
    return [point for point in points if np.isfinite(point)]


def domain(function):
    """The interval where the function varies, and 1 more on either side."""
    points = [point for point in table_points(function) if abs(point) < FAR]
    return min(points) - 1, max(points) + 1


def zero_crossings(function, lo, hi):
    """The zero crossings of the function other than 0: the float64 numbers just below them."""

    def sign(x):
        return np.sign(one_reference(function, "float64", x)[0])

    grid = np.union1d(np.linspace(lo, hi, 257), np.linspace(max(lo, -8), min(hi, 8), 257))
    return sign_changes(sign, grid.tolist())


def neighbours(x, dtype, reach):
    """x and the numbers of the dtype next to it, in both directions."""
    x = np.array(x, dtype)
    found = [x]
    for direction in (-np.inf, np.inf):
        y = x
        for _ in range(reach):
            y = np.nextafter(y, np.array(direction, dtype))
            found.append(y)
    return found


def arguments(function, nin, dtype, step=1):
    """A tuple with an array for each argument of a function: every `step`th of the numbers."""
    x = numbers(function, dtype)[::step]
    return (x,) if nin == 1 else (factors(dtype, x.size), x)


@cache
def arguments_and_reference(function, nin, dtype, step=1):
    args = arguments(function, nin, dtype, step)
    return args, reference(function, dtype, *reversed(args))


def factors(dtype, size):
    """Values of dy: special numbers, random patterns and ordinary numbers, in turn."""
    info = finfo(dtype)
    # Not the largest number: its product with 1 + 1 ULP is infinite, and its product with 1 is not.
    large = info.max / 2
    positive = [0, info.smallest_subnormal, info.tiny, 1, 2 - info.eps, large, np.inf, np.nan]
    special = np.array([*positive, *(-value for value in positive)], dtype)
    random = np.random.default_rng(21)
    dy = random.normal(0, 2, size).astype(dtype)
    dy[1::4] = random.choice(special, dy[1::4].size)
    patterns = random.integers(0, 2**info.bits, dy[3::4].size, f"u{info.bits // 8}")
    dy[3::4] = patterns.view(dtype)
    return dy


@cache
def inputs(function, dtype):
    """(inputs x of a function, their Reference for dy = 1)"""
    x = numbers(function, dtype)
    return x, reference(function, dtype, x)


@cache
def numbers(function, dtype):
    """Inputs x of a function."""
    if np.dtype(dtype).itemsize == 2:
        return np.arange(2**16, dtype=np.uint16).view(dtype)
    lo, hi = domain(function)
    points = [*table_points(function), *zero_crossings(function, lo, hi)]
    info = finfo(dtype)
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
        return np.concatenate([*parts, *(-part for part in parts)])
