"""Lookups in arrays of subclasses and of other libraries. The lookup is a ufunc, which keeps what
every ufunc keeps.

Its name contains the table and is the name of an attribute of this module, so that other processes
can unpickle it and Dask can compare it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from .._core import _ufuncs
from .._core.arrays import Array
from .._core.containers import by_columns, has_own_columns, is_of_polars
from ._arguments import DTYPES

MASKED = {"int8[pyarrow]": "Int8", "uint8[pyarrow]": "UInt8"}  # dtypes of pandas


def lookup_in(table: Array, x: Any, out: Any, starts_shape: tuple[int, ...]) -> Any:
    """The lookup in the container of x. `starts_shape` is the shape with which several tables are
    broadcast against x, and empty for one table."""
    ufunc = named(f"lookup({table.dtype}, {table.ndim}, {table.tobytes().hex()})")
    channels: Any = [np.arange(len(table)).reshape(starts_shape)] if starts_shape else []
    if out is not None:
        return ufunc(*channels, x, out=out)
    if is_of_polars(x) and hasattr(x, "to_numpy"):
        return in_polars(ufunc, channels, x)
    if has_own_columns(x):
        each = [np.broadcast_to(numbers, x.shape) for numbers in channels]
        return by_columns(lambda column, *numbers: in_pandas(ufunc, numbers, column), x, *each)
    return in_pandas(ufunc, channels, x)


def in_polars(ufunc: np.ufunc, channels: Any, x: Any) -> Any:
    """polars expects results of the type of x, and no other operands."""
    if str(x.dtype) not in ("Int8", "UInt8"):
        raise TypeError(f"x must be a series of Int8 or UInt8; got {x.dtype}")
    found = type(x)(x.name, ufunc(*channels, x.fill_null(0).to_numpy()))
    return found.set(x.is_null(), None)


def in_pandas(ufunc: np.ufunc, channels: Any, x: Any) -> Any:
    """pandas makes floats of numbers in Arrow if one is missing. The other classes of arrays need
    nothing."""
    masked = MASKED.get(str(getattr(x, "dtype", None)))
    if masked is None:
        return ufunc(*channels, x)
    found = ufunc(*channels, x.astype(masked))
    return found.astype(f"{str(found.dtype).lower()}[pyarrow]")


# ---- The ufuncs


def __getattr__(name: str) -> np.ufunc:
    if name.startswith("lookup("):
        try:
            return named(name)
        except ValueError:
            pass
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@lru_cache(maxsize=64)
def named(text: str) -> np.ufunc:
    """The ufunc of a name: lookup(dtype of the table, its dimensions, its bytes)."""
    dtype, ndim, data = text.removeprefix("lookup(").removesuffix(")").split(", ")
    table = np.frombuffer(bytes.fromhex(data), dtype).reshape((-1, 256) if ndim == "2" else 256)

    def body(*arrays: Array) -> None:
        *channels, values, result = arrays
        if channels:
            result[...] = table[(*channels, values.view(np.uint8))]
        else:
            _ufuncs.lookup_bytes(table[..., 0], values, result)

    channels = [np.arange(0).dtype] * (table.ndim - 1)
    signatures = [(*channels, dtype, table.dtype) for dtype in DTYPES]
    nin = len(channels) + 1
    ufunc = _ufuncs.expression(text, body, nin, signatures, "A lookup in a table.")
    try:
        ufunc.__module__, ufunc.__qualname__ = __name__, text  # type: ignore[misc]
    except AttributeError:
        pass  # An older NumPy has no such attributes; its pickle searches all modules.
    return ufunc
