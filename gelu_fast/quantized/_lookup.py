"""`lookup` applies a table of 256 results to arrays."""

from __future__ import annotations

import operator
from typing import Any, SupportsIndex

import numpy as np

from .._core import _ufuncs
from .._core.arrays import Array
from .._core.containers import length, shape_of
from ._arguments import checked_array
from ._containers import lookup_in


def lookup(
    table: Array, x: Array, out: Array | None = None, axis: SupportsIndex | None = None
) -> Array:
    """Look up 8-bit numbers in a table: table[x.view(np.uint8)].

    The index of each number is its byte. The lookup is as fast as memory allows if the elements of
    x and of the result are contiguous. It releases the GIL.

    Parameters
    ----------
    table : numpy.ndarray
        An array of int8 or uint8 and of shape (256,), or of shape (C, 256) with a table for each
        channel of x. `quantized.table` makes it for one dtype of x; `lookup` does not check that x
        has this dtype.
    x : numpy.ndarray
        An array of int8 or uint8, of any shape and strides. Masks are kept, and arrays of other
        libraries whose ufuncs work on int8 or uint8, such as Dask's.
    out : numpy.ndarray, optional
        The array that receives the results, of the shape of x and the dtype of the table, or a
        tuple of it. It may be
        x itself (or x.view(table.dtype)) or overlap x in any other way; overlap does not change the
        results.
    axis : int, optional
        The axis of the channels of x. A table of shape (C, 256) requires it.

    Returns
    -------
    numpy.ndarray
        out, or a new array of the shape of x and the dtype of the table, or a scalar if x has no
        dimensions.

    Raises
    ------
    TypeError
        If an argument has another type or dtype, axis is given for a table of shape (256,), or axis
        is missing for a table of shape (C, 256).
    ValueError
        If the shapes do not fit together, the axis is out of range (numpy.exceptions.AxisError), or
        out is read-only.

    Examples
    --------
    >>> import numpy as np, gelu_fast
    >>> relu = np.maximum(np.arange(256, dtype=np.uint8).view(np.int8), 0)
    >>> gelu_fast.quantized.lookup(relu, np.array([-3, 5, -128, 127], np.int8))
    array([  0,   5,   0, 127], dtype=int8)
    >>> doubled = np.clip(2 * relu.astype(int), 0, 127).astype(np.int8)
    >>> x = np.array([[-3, 5], [-3, 5]], np.int8)
    >>> gelu_fast.quantized.lookup(np.array([relu, doubled]), x, axis=0)
    array([[ 0,  5],
           [ 0, 10]], dtype=int8)
    """
    [out] = out if isinstance(out, tuple) and len(out) == 1 else (out,)
    table = checked_array("table", table)
    container = has_ufuncs(x)
    if not container:
        x = checked_array("x", x)
    if table.ndim not in (1, 2) or table.shape[-1] != 256:
        raise ValueError(f"table must have shape (256,) or (C, 256); got {table.shape}")
    starts_shape = channels_shape(table, x, axis)
    if container:
        in_container: Array = lookup_in(table, x, out, starts_shape)
        return in_container
    result = np.empty_like(x, dtype=table.dtype) if out is None else checked_out(out, x, table)
    if not table.flags.c_contiguous or (out is not None and np.may_share_memory(table, result)):
        table = table.copy("C")
    starts = table[..., 0]
    _ufuncs.lookup_bytes(starts.reshape(starts_shape) if starts_shape else starts, x, result)
    return out if out is not None else result if result.ndim else result[()]


def has_ufuncs(x: object) -> bool:
    """Whether x is an array of a subclass or of another library, which ufuncs keep."""
    if isinstance(x, np.ndarray):
        checked_array("x", x)
    return type(x) is not np.ndarray and callable(getattr(type(x), "__array_ufunc__", None))


def channels_shape(table: Array, x: Any, axis: SupportsIndex | None) -> tuple[int, ...]:
    """The shape with which one number for each table is broadcast against x."""
    if table.ndim == 1:
        if axis is not None:
            raise TypeError(f"axis must be None for a table of shape (256,); got {axis!r}")
        return ()
    if axis is None:
        raise TypeError(
            f"axis must be the axis of x's channels for a table of shape {table.shape}; got None"
        )
    try:
        axis = operator.index(axis)
    except TypeError:
        raise TypeError(f"axis must be an integer; got {axis!r}") from None
    ndim = len(shape_of("x", x))
    if not -ndim <= axis < ndim:
        raise np.exceptions.AxisError(axis, ndim, "axis")
    axis %= ndim
    if length("x", x, axis) != len(table):
        raise ValueError(
            f"x must have {len(table)} channels on axis {axis}, one for each table; "
            f"got shape {x.shape}"
        )
    return (len(table), *(1,) * (ndim - 1 - axis))


def checked_out(out: Array, x: Array, table: Array) -> Array:
    found = checked_array("out", out)
    if found.dtype.char != table.dtype.char:
        raise TypeError(
            f"out must have the table's dtype, {table.dtype}; got {found.dtype} "
            f"(out.view(np.{table.dtype}) is the same memory)"
        )
    if found.shape != x.shape:
        raise ValueError(f"out must have the shape of x, {x.shape}; got {found.shape}")
    if not found.flags.writeable:
        raise ValueError("out must be writable; got a read-only array")
    return found
