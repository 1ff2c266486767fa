"""The rows of the table, and facts that follow from them."""

import math
from functools import cache

import numpy as np

from . import _ufuncs
from .rows import Row

# What the field compares with each other; of these, what the table has.
MAIN = [
    "relu",
    "silu",
    "gelu",
    "gelu_tanh",
    "gelu_quick",
    "mish",
    "elu",
    "selu",
    "softplus",
    "sigmoid",
    "tanh",
    "hardswish",
]

ROWS = tuple(_ufuncs.table())  # of x, or of dy and x: `_reference` has these functions
COMPOUNDS = tuple(_ufuncs.compounds())  # of other inputs

# ---- Names of functions, in the order of the table


def functions() -> list[str]:
    """The functions of x, or of dy and x."""
    return list(dict.fromkeys(row.function for row in ROWS))


def unary_functions() -> list[str]:
    """The functions of one input, which can be applied to a file, drawn and compared."""
    return list(dict.fromkeys(row.function for row in ROWS if row.nin == 1))


def main_functions() -> list[str]:
    """The names of the best known."""
    known = unary_functions()
    return [name for name in MAIN if name in known]


# ---- About a function


@cache
def row_of(function: str, dtype: str = "float64") -> Row:
    """The row of a function and dtype; float64 will do for what all dtypes share."""
    [row] = [row for row in ROWS + COMPOUNDS if (row.function, row.dtype) == (function, dtype)]
    return row


def derivative(name: str) -> np.ufunc | None:
    """The ufunc of the derivative of a function of one input, or None."""
    return _ufuncs.ufuncs().get(f"{name}_grad")


@cache
def limits(function: str) -> dict[str, float]:
    """The values that the table gives in words, as {repr(x): value}, which tells -0.0 from 0.0; not
    those of which it gives the first digits only."""
    pairs = (item.split(" at ") for item in row_of(function).limits.split(", "))
    return {repr(float(x)): float(y) for y, x in pairs if not y.endswith("...")}


def domain(row: Row) -> tuple[float, float]:
    """Where a function is neither constant nor x itself, and a bit more."""
    lo, hi = row.lo - 1, row.hi + 1
    return lo if math.isfinite(lo) else -hi, hi if math.isfinite(hi) else -lo
