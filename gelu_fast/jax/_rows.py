"""What the table says about functions and their derivatives."""

from __future__ import annotations

import re

from .._core.rows import Row
from .._core.table import TABLE as FUNCTIONS


def row_of(function: str) -> Row:
    return FUNCTIONS[function]


def backward_of(function: str) -> Row | None:
    """The row of dy times the derivatives of a function."""
    return FUNCTIONS.get(f"{function}_backward")


def differentiated(row: Row, backward: Row) -> list[int]:
    """The inputs of a function to which the outputs of its backward function belong."""
    if row.nin == 1:
        return [0]
    return [row.inputs.index(output.removeprefix("d")) for output in backward.outputs]


def forward_of(function: str) -> str | None:
    """The function of which `function` is dy times the derivatives."""
    name = function.removesuffix("_backward")
    return name if name != function and name in FUNCTIONS else None


def derivative_of(function: str) -> str | None:
    """The derivative of a function of x: that of gelu is gelu_grad, and that of this gelu_grad2."""
    names = f"{function}_grad", f"{function}2"
    return next((name for name in names if name in FUNCTIONS), None)


def is_of_sum(row: Row) -> bool:
    """Whether a function of two inputs depends on their sum only, as that of x and a bias."""
    total = re.escape(" + ".join(row.inputs))
    return row.nin == 2 and re.fullmatch(rf"\w+\({total}\)", row.definition) is not None
