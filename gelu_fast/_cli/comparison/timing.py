"""Measures the time that functions take on given numbers, on this computer."""

import math
import statistics
from collections.abc import Sequence
from itertools import repeat
from time import perf_counter

import numpy as np

from ..._core import _ufuncs
from ..._core.arrays import Array

SIZE = 1 << 14  # numbers; they fit into a cache
RUNS = 15
LEAST = 200e-6  # a run should last at least this many seconds


def time_per_element(functions: Sequence[str], x: Array) -> list[float]:
    """Returns the seconds per element of each function on the numbers x, which are repeated or cut
    to SIZE numbers. The result is the median of RUNS rounds, each of which times every function."""
    x = np.resize(x, SIZE)
    out = np.empty_like(x)
    calls = [_ufuncs.ufuncs()[name] for name in functions]
    repeats = [math.ceil(LEAST / run(call, x, out, 1)) for call in calls]
    times = []
    for _ in range(RUNS):
        times.append([run(f, x, out, n) for f, n in zip(calls, repeats, strict=True)])
    return [statistics.median(column) / SIZE for column in zip(*times, strict=True)]


def run(call: np.ufunc, x: Array, out: Array, times: int) -> float:
    """Returns the seconds per call, after one untimed call that brings the data into the cache."""
    call(x, out)
    start = perf_counter()
    for _ in repeat(None, times):
        call(x, out)
    return max(perf_counter() - start, 1e-7) / times
