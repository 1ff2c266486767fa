"""Gated units on arrays that contain gate and up, as the merged weights of many models give
them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, SupportsIndex

from .._core import _ufuncs
from .._core.arrays import Array
from .._core.containers import combined
from .._core.table import COMPOUNDS, TABLE
from .halves import ORDERS, halves

DOCSTRING = """\
{name}(gate, up) = {formula}, where gate and up are halves of x.

Parameters
----------
x : array_like
    An array that contains both halves along one axis of even length.
axis : int, optional
    The axis that contains the halves, by default the last one.
order : {{"gate-first", "up-first", "interleaved"}}, optional
    The order of the halves: gate before up, up before gate, or alternating elements that begin with
    gate. PyTorch's `glu` uses "up-first": it takes the second half as the gate.
out : ndarray, optional
    The array that receives the results. It may overlap x.

Returns
-------
ndarray
    The result has the dtype of x and its shape, with half the length along the axis. It equals
    `{name}(gate, up)` bit for bit, with the same error bounds and limits. Nothing is copied. Masks
    are kept, and arrays of other libraries that the ufuncs keep, such as Dask's; the labels of
    pandas and xarray are those of the gate.

Raises
------
ValueError
    If the length of the axis is odd, the axis or the order does not exist, or out has another
    shape.
TypeError
    If `{name}` does not support the dtype, or the axis is not an integer.

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
    """Makes the packed form of a gate."""
    gate_of = _ufuncs.ufuncs()[name]

    def packed(
        x: Any, axis: SupportsIndex = -1, order: str = "gate-first", out: Array | None = None
    ) -> Any:
        if not (isinstance(order, str) and order in ORDERS):
            known = ", ".join(map(repr, ORDERS))
            raise ValueError(f"order must be one of {known}; got {order!r}")
        gate, up = halves(x, axis, "axis", "x", order)
        return combined(gate_of, gate, up, out)

    packed.__doc__ = DOCSTRING.format(**TABLE[name]._asdict(), name=name)
    packed.__name__ = packed.__qualname__ = f"{name}_packed"
    packed.__module__ = "gelu_fast"
    return packed


PACKED = {
    f"{row.function}_packed": make(row.function)
    for row in COMPOUNDS
    if row.inputs == ("gate", "up") and row.dtype == "float64"
}
