"""`lookup`: a table of 256 results applied to arrays."""

from __future__ import annotations

import operator
from typing import SupportsIndex

import numpy as np

from .._core import _ufuncs
from .._core.arrays import Array
from ._arguments import checked_array


def lookup(
    table: Array, x: Array, out: Array | None = None, axis: SupportsIndex | None = None
) -> Array:
    """table[x] for 8-bit numbers: the byte of each is the index, `x.view(np.uint8)`.

    At the speed of memory where elements of x, and of the result, are neighbours. The GIL is not
    held.

    Parameters
    ----------
    table : numpy.ndarray
        Of int8 or uint8, of shape (256,), or (C, 256): a table for each channel of x. `table` makes
        them, for one dtype of x, which is not checked here.
    x : numpy.ndarray
        Of int8 or uint8, of any shape and strides.
    out : numpy.ndarray, optional
        Where the results go: of the shape of x and the dtype of the table. It may be x itself (or
        x.view(table.dtype)), or overlap x in any other way: the results are those without overlap.
    axis : int, optional
        The axis of the channels of x, needed for a table of shape (C, 256).

    Returns
    -------
    numpy.ndarray
        out, or a new array of the shape of x and the dtype of the table; a scalar for an x without
        dimensions.

    Raises
    ------
    TypeError
        For arguments of other types or dtypes, an axis with one table and none with more.
    ValueError
        For shapes that do not fit together, an axis out of range (numpy.exceptions.AxisError), and
        an out that is read-only.

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
    table, x = checked_array("table", table), checked_array("x", x)
    if table.ndim not in (1, 2) or table.shape[-1] != 256:
        raise ValueError(f"table must have shape (256,) or (C, 256); got {table.shape}")
    starts_shape = channels_shape(table, x, axis)
    result = np.empty_like(x, dtype=table.dtype) if out is None else checked_out(out, x, table)
    if not table.flags.c_contiguous or (out is not None and np.may_share_memory(table, result)):
        table = table.copy("C")
    starts = table[..., 0]
    _ufuncs.lookup_bytes(starts.reshape(starts_shape) if starts_shape else starts, x, result)
    return out if out is not None else result if result.ndim else result[()]


def channels_shape(table: Array, x: Array, axis: SupportsIndex | None) -> tuple[int, ...]:
    """The shape in which one number for each table broadcasts against x."""
    if table.ndim == 1:
        if axis is not None:
            raise TypeError(f"axis must be None for a table of shape (256,); got {axis!r}")
        return ()
    if axis is None:
        raise TypeError(
            f"axis must be given for a table of shape {table.shape}: that of x's channels"
        )
    try:
        axis = operator.index(axis)
    except TypeError:
        raise TypeError(f"axis must be an integer; got {axis!r}") from None
    if not -x.ndim <= axis < x.ndim:
        raise np.exceptions.AxisError(axis, x.ndim, "axis")
    axis %= x.ndim
    if x.shape[axis] != len(table):
        raise ValueError(
            f"x must have {len(table)} channels on axis {axis}, as many as there are tables; "
            f"got shape {x.shape}"
        )
    return (len(table), *(1,) * (x.ndim - 1 - axis))


def checked_out(out: Array, x: Array, table: Array) -> Array:
    found = checked_array("out", out)
    if found.dtype.char != table.dtype.char:
        raise TypeError(
            f"out must be of the table's dtype, {table.dtype}; got {found.dtype} "
            f"(out.view(np.{table.dtype}) is the same memory)"
        )
    if found.shape != x.shape:
        raise ValueError(f"out must have the shape of x, {x.shape}; got {found.shape}")
    if not found.flags.writeable:
        raise ValueError("out must be writable; got a read-only array")
    return found
