"""8-bit numbers: a function as a table of 256 results, and the table applied to arrays.

A number q of 8 bits stands for the real number scale * (q - zero_point). A function on such numbers
is the table of its 256 results, which `table` makes and `lookup` applies at the speed of memory.

>>> import numpy as np, gelu_fast
>>> t = gelu_fast.quantized.table("gelu", 0.05, 0, 0.025, -100)
>>> gelu_fast.quantized.lookup(t, np.array([[-128, -20, 0], [1, 20, 127]], np.int8))
array([[-100, -106, -100],
       [ -99,  -66,  127]], dtype=int8)
"""

import operator

import numpy as np

from . import _ufuncs
from ._quantize import Target, round_function, round_numbers
from ._quantized_arguments import (
    channels,
    checked_array,
    checked_dtype,
    checked_function,
    checked_scale,
    checked_zero_point,
)

__all__ = ["lookup", "table"]


def table(
    function,
    in_scale,
    in_zero_point,
    out_scale,
    out_zero_point,
    in_dtype=np.int8,
    out_dtype=np.int8,
):
    """The 256 results of a function on 8-bit numbers, correctly rounded.

    The result for q is round(function(x) / out_scale) + out_zero_point, where x is
    in_scale * (q - in_zero_point), rounded to nearest, ties to even, and saturated: beyond the
    range of out_dtype it is the end of that range.

    Parameters
    ----------
    function : numpy.ufunc, str or callable
        One of gelu_fast's functions of one input, or its name. The 256 results are then those of
        the exact function at the exact x, nothing being rounded on the way: the scales are taken
        for the float64 numbers that they are.

        Any other callable gets an array of x, rounded to float64, and gives an array of its shape,
        of real numbers: these are taken for exact, converted to float64.
    in_scale, out_scale : float, or array of shape (C,)
        Positive and finite; an array has one for each channel.
    in_zero_point, out_zero_point : int, or array of shape (C,)
        In the range of in_dtype, of out_dtype.
    in_dtype, out_dtype : dtype
        int8 or uint8.

    Returns
    -------
    numpy.ndarray
        Of out_dtype, and of shape (256,), or (C, 256) where a scale or zero point is an array. The
        index is the byte of q, `q.view(np.uint8)`: for an int8 input the first half of the table is
        for 0 to 127, the second for -128 to -1.

    Raises
    ------
    TypeError
        For a function of two inputs and arguments of other types.
    ValueError
        For scales and zero points out of range, shapes that do not fit together, and a function
        that gives a NaN. The message names the argument.

    Examples
    --------
    >>> import numpy as np, gelu_fast
    >>> table = gelu_fast.quantized.table("sigmoid", 0.1, 128, 1 / 256, 0, np.uint8, np.uint8)
    >>> table[[0, 127, 128, 129, 255]]
    array([  0, 122, 128, 134, 255], dtype=uint8)
    >>> gelu_fast.quantized.table(np.sin, [0.1, 0.2, 0.3], 0, 1 / 127, 0).shape
    (3, 256)
    """
    name, called = checked_function(function)
    in_dtype = checked_dtype("in_dtype", in_dtype)
    out_dtype = checked_dtype("out_dtype", out_dtype)
    in_scale, in_zero_point, out_scale, out_zero_point = channels(
        in_scale=checked_scale("in_scale", in_scale),
        in_zero_point=checked_zero_point("in_zero_point", in_zero_point, in_dtype),
        out_scale=checked_scale("out_scale", out_scale),
        out_zero_point=checked_zero_point("out_zero_point", out_zero_point, out_dtype),
    )
    shape = (*in_scale.shape, 256)
    q = np.arange(256, dtype=np.uint8).view(in_dtype)
    steps = q - in_zero_point[..., np.newaxis]

    def each(parameter):
        return np.broadcast_to(parameter[..., np.newaxis], shape).ravel()

    target = Target(each(out_scale), each(out_zero_point), out_dtype)
    if called is None:
        results = round_function(name, each(in_scale), steps.ravel(), target)
    else:
        with np.errstate(over="ignore"):
            x = in_scale[..., np.newaxis] * steps
        results = round_numbers(values_of(called, name, x), target)
    return results.reshape(shape)


def values_of(function, name, x):
    """What a callable gives for x, checked."""
    shape = x.shape
    values = np.asarray(function(x))
    if values.dtype.kind not in "fiub" and not np.can_cast(values.dtype, np.float64):
        raise TypeError(f"function: {name} must give real numbers; got dtype {values.dtype}")
    if values.shape != shape:
        raise ValueError(
            f"function: {name} must give an array of shape {shape}; got {values.shape}"
        )
    values = values.astype(np.float64).ravel()
    if (nan := np.isnan(values)).any():
        raise ValueError(
            f"function: {name} gives a NaN, which no 8-bit number stands for, for {nan.sum()} of "
            f"{nan.size} inputs"
        )
    return values


def lookup(table, x, out=None, axis=None):
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


def channels_shape(table, x, axis):
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


def checked_out(out, x, table):
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
