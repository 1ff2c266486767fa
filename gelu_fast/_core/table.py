"""The rows of the C table, and facts that follow from them."""

import math
from functools import cache

import numpy as np

from . import _ufuncs
from .rows import Row

# Well-known activations, which are drawn and compared by default. The table may lack some of them.
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

ROWS = tuple(_ufuncs.table())  # functions of x, or of dy and x; `_reference` computes them
COMPOUNDS = tuple(_ufuncs.compounds())  # functions of other inputs

# {function: its last row, which is that of its widest dtype: float64, or float32 if it is correctly
# rounded}, for all functions; what is not of a dtype is the same in all rows.
TABLE: dict[str, Row] = {row.function: row for row in ROWS + COMPOUNDS}

EXACT = "exact_"  # how the names of the correctly rounded functions begin

# ---- Names of functions, in the order of the table


def functions() -> list[str]:
    """The functions of x, or of dy and x."""
    return list(dict.fromkeys(row.function for row in ROWS))


def unary_functions() -> list[str]:
    """The functions of one input, which can be drawn and compared."""
    return [name for name in applicable_functions() if not is_exact(name)]


def applicable_functions() -> list[str]:
    """The functions of one input, which can be applied to a file: the correctly rounded ones too."""
    return list(dict.fromkeys(row.function for row in ROWS if row.nin == 1))


def is_exact(function: str) -> bool:
    """Whether this is one of the correctly rounded functions, `gelu_fast.exact`."""
    return function.startswith(EXACT)


def main_functions() -> list[str]:
    """The functions of MAIN that the table has."""
    known = unary_functions()
    return [name for name in MAIN if name in known]


# ---- About a function


@cache
def row_of(function: str, dtype: str | None = None) -> Row:
    """The row of a function and dtype. All dtypes of a function share the fields up to `result`, so the
    dtype may be left out."""
    if dtype is None:
        return TABLE[function]
    [row] = [row for row in ROWS + COMPOUNDS if (row.function, row.dtype) == (function, dtype)]
    return row


@cache
def dtypes_of(function: str) -> tuple[str, ...]:
    """The dtypes that a function computes in."""
    return tuple(row.dtype for row in ROWS + COMPOUNDS if row.function == function)


def derivative(name: str) -> np.ufunc | None:
    """The ufunc of the derivative of a function of one input, or None if the table has none."""
    return _ufuncs.ufuncs().get(f"{name}_grad")


@cache
def limits(function: str) -> dict[str, float]:
    """The limits that the table gives as text, as {repr(x): value}; `repr` distinguishes -0.0 from
    0.0. The result does not contain limits of which the text has only the first digits."""
    pairs = (item.split(" at ") for item in row_of(function).limits.split(", "))
    return {repr(float(x)): float(y) for y, x in pairs if not y.endswith("...")}


def domain(row: Row) -> tuple[float, float]:
    """An interval that contains all x where the function is neither constant nor x itself."""
    lo, hi = row.lo - 1, row.hi + 1
    return lo if math.isfinite(lo) else -hi, hi if math.isfinite(hi) else -lo
