"""`table`: the 256 results of a function on 8-bit numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .._core.arrays import Array, Doubles
from ._arguments import (
    channels,
    checked_dtype,
    checked_function,
    checked_scale,
    checked_zero_point,
)
from ._rounding import Target, round_function, round_numbers


def table(
    function: np.ufunc | str | Callable[[Doubles], ArrayLike],
    in_scale: ArrayLike,
    in_zero_point: ArrayLike,
    out_scale: ArrayLike,
    out_zero_point: ArrayLike,
    in_dtype: DTypeLike = np.int8,
    out_dtype: DTypeLike = np.int8,
) -> Array:
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

    def each(parameter: Array) -> Array:
        return np.broadcast_to(parameter[..., np.newaxis], shape).ravel()

    target = Target(each(out_scale), each(out_zero_point), out_dtype)
    if called is None:
        results = round_function(name, each(in_scale), steps.ravel(), target)
    else:
        with np.errstate(over="ignore"):
            x = in_scale[..., np.newaxis] * steps
        results = round_numbers(values_of(called, name, x), target)
    return results.reshape(shape)


def values_of(function: Callable[[Doubles], ArrayLike], name: str, x: Doubles) -> Doubles:
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
