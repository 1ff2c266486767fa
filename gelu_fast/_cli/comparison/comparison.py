"""Compares activation functions on the numbers in an .npy file, which it reads once, in blocks.

NaN and infinities are counted, and everything else uses the finite numbers only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..._core import _ufuncs
from ..._core.arrays import Array
from ..._core.table import derivative
from ..._files.errors import Refused
from ..._files.npy import check_end, open_array, read_into
from ..._files.numbers import result_dtype
from .moments import Moments
from .saturation import saturation
from .timing import time_per_element

BLOCK = 1 << 16  # numbers
SAMPLE = 1 << 14  # at most this many numbers, evenly spaced in the file, serve to time and to draw


@dataclass
class Numbers:
    """Statistics of the numbers in the file."""

    dtype: str  # the dtype in which the functions compute
    stored: str  # the dtype of the file
    shape: tuple[int, ...]
    nan: int = 0
    minus_inf: int = 0
    plus_inf: int = 0
    least: float = math.inf
    greatest: float = -math.inf
    moments: Moments = field(default_factory=Moments)  # of the finite numbers

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    def add(self, block: Array) -> Array:
        """Adds a block to the statistics and returns its finite numbers."""
        finite = np.isfinite(block)
        if not finite.all():
            self.nan += int(np.count_nonzero(np.isnan(block)))
            self.minus_inf += int(np.count_nonzero(block == -np.inf))
            self.plus_inf += int(np.count_nonzero(block == np.inf))
            block = block[finite]
        if block.size:
            wide = block.astype(np.float64)
            self.least = min(self.least, float(wide.min()))
            self.greatest = max(self.greatest, float(wide.max()))
            self.moments.add(wide)
        return block


@dataclass
class Outcome:
    """Statistics of the results of one function on the finite numbers."""

    function: str
    low: float  # x is saturated if x <= low or x >= high: see saturation.py
    high: float
    zero: int = 0  # number of results that are exactly 0
    small: int = 0  # number of results whose absolute value is below a threshold
    dead: int | None = None  # number of x with |f'(x)| below a threshold; None without an f'
    saturated: int = 0  # number of saturated x
    overflowed: int = 0  # number of infinite results, which the moments leave out
    moments: Moments = field(default_factory=Moments)  # of the finite results
    seconds: float = math.nan  # per element

    def add(self, x: Array, small: float, dead: float) -> None:
        y = _ufuncs.ufuncs()[self.function](x).astype(np.float64)
        self.zero += int(np.count_nonzero(y == 0))
        self.small += int(np.count_nonzero(np.abs(y) < small))
        self.saturated += int(np.count_nonzero((x <= self.low) | (x >= self.high)))
        slope = derivative(self.function)
        if slope:
            flat = np.abs(slope(x).astype(np.float64)) < dead
            self.dead = (self.dead or 0) + int(np.count_nonzero(flat))
        infinite = np.isinf(y)
        if infinite.any():
            self.overflowed += int(np.count_nonzero(infinite))
            y = y[~infinite]
        self.moments.add(y)


@dataclass
class Comparison:
    path: str
    small: float
    dead: float
    numbers: Numbers
    outcomes: list[Outcome]
    sample: Array

    def share(self, count: int | None) -> float | None:
        """Returns count as a share of the finite numbers."""
        return None if count is None else count / self.numbers.moments.count


def percent(share: float) -> str:
    """Formats a share in percent; a share above 0 never looks like 0."""
    return "<0.01%" if 0 < share < 0.5e-4 else f"{share:.2%}"


@np.errstate(invalid="ignore", over="ignore")  # for signalling NaNs and results that overflow
def compare_file(
    path: str,
    functions: Sequence[str],
    *,
    small: float,
    dead: float,
    bfloat16: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Comparison:
    """Returns the Comparison of the functions on the array in the file.

    It calls `progress(done, total)`, in bytes, before each block and at the end. An exception from
    `progress` stops the job.
    """
    with open_array(path, bfloat16) as (file, shape, _, dtype):
        result = result_dtype(path, _ufuncs.ufuncs()[functions[0]], dtype)
        numbers = Numbers(result.name, dtype.name, shape)
        if not numbers.count:
            raise Refused(f"{path!r}: holds no numbers: its shape is {shape}")
        outcomes = [Outcome(name, *saturation(name, result)) for name in functions]
        samples = []
        stride = -(-numbers.count // SAMPLE)
        buffer = np.empty(min(BLOCK, numbers.count), dtype)
        for start in range(0, numbers.count, BLOCK):
            progress(start * dtype.itemsize, numbers.count * dtype.itemsize)
            block = buffer[: numbers.count - start]
            read_into(path, file, block)
            block = block.astype(result, copy=False)
            samples.append(block[-start % stride :: stride].copy())
            finite = numbers.add(block)
            for outcome in outcomes:
                outcome.add(finite, small, dead)
        check_end(path, file)
        progress(numbers.count * dtype.itemsize, numbers.count * dtype.itemsize)
    if not numbers.moments.count:
        raise Refused(f"{path!r}: none of the {numbers.count} numbers is finite")
    sample = np.concatenate(samples)
    for outcome, seconds in zip(outcomes, time_per_element(functions, sample), strict=True):
        outcome.seconds = seconds
    return Comparison(path, small, dead, numbers, outcomes, sample)
