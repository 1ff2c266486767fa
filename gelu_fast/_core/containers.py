"""Arrays of other libraries: what calls of their ufuncs need to know, or cannot do."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np


def is_container(x: Any) -> bool:
    """Whether ufuncs leave x to its own class: GPU arrays stay on their device, for example."""
    return hasattr(type(x), "__array_ufunc__") or hasattr(type(x), "__cuda_array_interface__")


def is_of_polars(x: Any) -> bool:
    return type(x).__module__.partition(".")[0] == "polars"


def shape_of(name: str, x: Any) -> tuple[Any, ...]:
    """The shape, whose lengths may be unknown yet."""
    shape = getattr(x, "shape", None)
    if not isinstance(shape, tuple):
        raise TypeError(f"{name} must have a shape; got {type(x).__name__}")
    return shape


def length(name: str, x: Any, axis: int) -> int:
    """A length of an array that may be computed later, such as Dask's."""
    try:
        return operator.index(shape_of(name, x)[axis])
    except TypeError:
        raise ValueError(
            f"{name} must have a known length on axis {axis}; got {type(x).__name__} with a length "
            "that is not computed yet"
        ) from None


def column_dtypes(x: Any) -> set[Any]:
    """The dtypes of a frame of pandas; none for others."""
    return set(x.dtypes) if hasattr(x, "isetitem") else set()


def has_own_columns(x: Any) -> bool:
    """Whether x is a frame of pandas with columns that its ufuncs of several operands turn into
    arrays of Python objects."""
    return not all(isinstance(dtype, np.dtype) for dtype in column_dtypes(x))


def by_columns(function: Callable[..., Any], frame: Any, *others: Any) -> Any:
    """The function of the columns of a frame of pandas, and of those of other frames or arrays, as
    a frame with the labels of the first."""
    found = frame.copy(deep=False)
    for i in range(frame.shape[1]):
        columns = (x.iloc[:, i] if hasattr(x, "iloc") else x[:, i] for x in (frame, *others))
        found.isetitem(i, function(*columns))
    return found


def combined(ufunc: Callable[..., Any], x: Any, y: Any, out: Any) -> Any:
    """A ufunc of two arrays of the same container."""
    if out is not None:
        return ufunc(x, y, out=out)
    if has_own_columns(x) or has_own_columns(y):
        return by_columns(ufunc, x, y)
    return ufunc(x, y)
