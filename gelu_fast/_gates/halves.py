"""The halves of an array, in the container that it is."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, SupportsIndex

import numpy as np

from .._core.containers import is_container, length, shape_of

ORDERS: dict[str, Callable[[int], tuple[slice, slice]]] = {
    "gate-first": lambda n: (slice(None, n // 2), slice(n // 2, None)),
    "up-first": lambda n: (slice(n // 2, None), slice(None, n // 2)),
    "interleaved": lambda n: (slice(0, None, 2), slice(1, None, 2)),
}


def halves(
    x: Any, axis: SupportsIndex, name_of_axis: str, name: str, order: str = "gate-first"
) -> tuple[Any, Any]:
    """The halves of x along an axis, as views if the container makes views."""
    if not is_container(x):
        x = np.asanyarray(x)
    shape = shape_of(name, x)
    try:
        index = operator.index(axis)
    except TypeError:
        raise TypeError(f"{name_of_axis} must be an integer; got {axis!r}") from None
    try:
        index = range(len(shape))[index]
    except IndexError:
        raise np.exceptions.AxisError(index, len(shape), name_of_axis) from None
    n = length(name, x, index)
    if n % 2:
        raise ValueError(
            f"{name} must have an even length on axis {index}, for two halves; got {n}"
        )
    first, second = ORDERS[order](n)
    return part(x, index, first, None), part(x, index, second, first)


def part(x: Any, axis: int, which: slice, labels: slice | None) -> Any:
    """A half of x, with the labels of another half, because pandas and xarray would pair elements
    with equal labels."""
    if hasattr(x, "iloc"):  # pandas
        half = x.iloc[(slice(None),) * axis + (which,)]
        if labels is None:
            return half
        if not hasattr(half, "set_axis"):  # a frame of Dask, whose rows have no known labels
            half.columns = x.columns[labels]
            return half
        return half.set_axis(x.axes[axis][labels], axis=axis)
    if hasattr(x, "isel"):  # xarray
        dim = x.dims[axis]
        half = x.isel({dim: which})
        if labels is not None and hasattr(half, "coords"):
            half = half.drop_vars([name for name, c in half.coords.items() if dim in c.dims])
        return half
    if len(x.shape) == 1:  # polars takes no tuple
        return x[which]
    return x[(slice(None),) * axis + (which,)]
