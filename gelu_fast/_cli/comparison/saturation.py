"""Finds the x from which on a function is constant, as far as a dtype can tell.

Let L be the finite limit of a function on one side: 0 or 1 for the sigmoid, -1 for ELU on the left.
An x is saturated if, there and farther out, the function differs from L by at most half an epsilon
of the dtype, times max(1, |L|). If the limit is infinite, as for GELU on the right, no x is
saturated."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..._core import _ufuncs
from ..._core.arrays import Array, Doubles, Dtype, Mask
from ..._core.dtypes import finfo

PER_OCTAVE = 16  # points of the first grid in each octave
LEAST = -40  # the exponent of its first point after 0


def saturation(name: str, dtype: Dtype) -> tuple[float, float]:
    """Returns (low, high): x is saturated if x <= low or x >= high. They are -inf and inf if no
    finite x on that side is saturated."""
    f = _ufuncs.ufuncs()[name]
    return 0.0 - edge(lambda x: f(-x), dtype), edge(f, dtype)


def edge(f: Callable[[Array], Array], dtype: Dtype) -> float:
    """Returns the least x >= 0 from which on f is saturated, or inf."""
    info = finfo(dtype)
    limit = value(f, dtype, np.inf)
    if not np.isfinite(limit):
        return np.inf
    near = 0.5 * float(info.eps) * max(1.0, abs(float(limit)))

    def moves(x: Any) -> Mask:
        return ~(np.abs(value(f, dtype, x) - limit) <= near)

    exponents = np.arange(LEAST * PER_OCTAVE, info.maxexp * PER_OCTAVE) / PER_OCTAVE
    grid = np.concatenate([[0.0], np.exp2(exponents), [float(info.max)]]).astype(dtype)
    moving = np.flatnonzero(moves(grid))
    if not moving.size:
        return 0.0
    if moving[-1] == grid.size - 1:
        return np.inf
    left, right = grid[moving[-1] : moving[-1] + 2]
    while left < (middle := dtype.type((float(left) + float(right)) / 2)) < right:
        left, right = (middle, right) if moves(middle) else (left, middle)
    return float(right)


def value(f: Callable[[Array], Array], dtype: Dtype, x: Any) -> Doubles:
    return f(np.asarray(x, dtype)).astype(np.float64)
