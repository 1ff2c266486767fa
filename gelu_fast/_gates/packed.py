"""Gated units on arrays that hold both halves, as the weights of many models make them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, SupportsIndex

import numpy as np

from .._core import _ufuncs
from .._core.arrays import Array
from .._core.table import COMPOUNDS, row_of

ORDERS: dict[str, Callable[[int], tuple[slice, slice]]] = {
    "gate-first": lambda n: (slice(None, n // 2), slice(n // 2, None)),
    "up-first": lambda n: (slice(n // 2, None), slice(None, n // 2)),
    "interleaved": lambda n: (slice(0, None, 2), slice(1, None, 2)),
}

DOCSTRING = """\
{name}(gate, up), gate and up being halves of one array: {formula}.

Parameters
----------
x : array_like
    Both halves along one axis, whose length is even.
axis : int, optional
    That axis, by default the last.
order : {{"gate-first", "up-first", "interleaved"}}, optional
    How they lie there: the gate's half first, the other's first, or by turns, gate first. PyTorch's
    `glu` is "up-first" in these words: it takes the second half for the gate.
out : ndarray, optional
    Where the results go; it may overlap x.

Returns
-------
ndarray
    Of the shape of x, but half as long along the axis, and of its dtype (see `{name}`, whose bits
    these are: its errors and limits are, too). Nothing is copied on the way.

Raises
------
ValueError
    If the length of the axis is odd, there is no such axis or order, or out has another shape.
TypeError
    For dtypes that `{name}` does not take.

References
----------
{source}.

Examples
--------
>>> import gelu_fast
>>> x = [[-1.0, 2.0, 1.0, 3.0]]
>>> bool((gelu_fast.{name}_packed(x) == gelu_fast.{name}([[-1.0, 2.0]], [[1.0, 3.0]])).all())
True
"""


def make(name: str) -> Callable[..., Any]:
    """The packed form of a gate."""
    gate_of = _ufuncs.ufuncs()[name]

    def packed(
        x: Any, axis: SupportsIndex = -1, order: str = "gate-first", out: Array | None = None
    ) -> Any:
        if not hasattr(type(x), "__cuda_array_interface__"):  # those stay on their device
            x = np.asanyarray(x)
        if order not in ORDERS:
            known = ", ".join(map(repr, ORDERS))
            raise ValueError(f"order: {order!r} is none of {known}")
        index = operator.index(axis)
        try:
            index = range(x.ndim)[index]
        except IndexError:
            raise np.exceptions.AxisError(index, x.ndim, "axis") from None
        length = x.shape[index]
        if length % 2:
            raise ValueError(
                f"x: axis {index} has an odd length, {length}; a gate needs two halves"
            )
        before = (slice(None),) * index
        gate, up = (x[(*before, half)] for half in ORDERS[order](length))
        return gate_of(gate, up) if out is None else gate_of(gate, up, out=out)

    packed.__doc__ = DOCSTRING.format(**row_of(name)._asdict(), name=name)
    packed.__name__ = packed.__qualname__ = f"{name}_packed"
    packed.__module__ = "gelu_fast"
    return packed


PACKED = {
    f"{row.function}_packed": make(row.function)
    for row in COMPOUNDS
    if row.inputs == ("gate", "up") and row.dtype == "float64"
}
