"""`table` computes the 256 results of a function on 8-bit numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .._core.arrays import Array, Doubles
from ._arguments import (
    channels,
    checked_dtype,
    checked_function,
    checked_rounding,
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
    rounding: str = "even",
) -> Array:
    """Compute the 256 results of a function on 8-bit numbers, correctly rounded.

    The result for q is round(function(x) / out_scale) + out_zero_point, where x is
    in_scale * (q - in_zero_point). It is rounded to nearest and saturated: a result outside of the
    range of out_dtype becomes the nearest end of that range.

    Parameters
    ----------
    function : numpy.ufunc, str or callable
        A function of gelu_fast with one input, or its name. The table has the values of the exact
        function at the exact x, rounded once. The float64 values of the scales count as exact.

        Any other callable receives an array of x, rounded to float64, and returns an array of real
        numbers of the same shape, whose values, converted to float64, count as exact.
    in_scale, out_scale : float, or array of shape (C,)
        Positive, finite scales. An array has one scale for each channel.
    in_zero_point, out_zero_point : int, or array of shape (C,)
        Zero points in the range of in_dtype and out_dtype.
    in_dtype, out_dtype : dtype
        The dtypes of q and of the result, int8 or uint8.
    rounding : str
        How function(x) / out_scale is rounded if it is a tie, halfway between two integers: "even",
        to the even one, as in ONNX, or "away", to the one farther from zero, as in TensorFlow Lite.

    Returns
    -------
    numpy.ndarray
        An array of out_dtype and of shape (256,), or (C, 256) if a scale or zero point is an array.
        The index is the byte of q, `q.view(np.uint8)`: for int8, the first half of the table has
        the results for 0 to 127, and the second half those for -128 to -1.

    Raises
    ------
    TypeError
        If function does not have one input and one output, or an argument has another type.
    ValueError
        If a scale or zero point is out of range, shapes do not fit together, the name of the
        function or of the rounding is unknown, or the function returns a NaN. The message names the
        argument.

    Examples
    --------
    >>> import numpy as np, gelu_fast
    >>> table = gelu_fast.quantized.table("sigmoid", 0.1, 128, 1 / 256, 0, np.uint8, np.uint8)
    >>> table[[0, 127, 128, 129, 255]]
    array([  0, 122, 128, 134, 255], dtype=uint8)
    >>> gelu_fast.quantized.table("relu", 0.5, 0, 1.0, 0)[[1, 3, 5]]
    array([0, 2, 2], dtype=int8)
    >>> gelu_fast.quantized.table("relu", 0.5, 0, 1.0, 0, rounding="away")[[1, 3, 5]]
    array([1, 2, 3], dtype=int8)
    >>> gelu_fast.quantized.table(np.sin, [0.1, 0.2, 0.3], 0, 1 / 127, 0).shape
    (3, 256)
    """
    name, called = checked_function(function)
    in_dtype = checked_dtype("in_dtype", in_dtype)
    out_dtype = checked_dtype("out_dtype", out_dtype)
    rounding = checked_rounding(rounding)
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

    target = Target(each(out_scale), each(out_zero_point), out_dtype, rounding)
    if called is None:
        results = round_function(name, each(in_scale), steps.ravel(), target)
    else:
        with np.errstate(over="ignore"):
            x = in_scale[..., np.newaxis] * steps
        results = round_numbers(values_of(called, name, x), target)
    return results.reshape(shape)


def values_of(function: Callable[[Doubles], ArrayLike], name: str, x: Doubles) -> Doubles:
    """Calls the function with x and checks its results."""
    shape = x.shape
    values = np.asarray(function(x))
    if values.dtype.kind not in "fiub" and not np.can_cast(values.dtype, np.float64):
        raise TypeError(f"function: {name} must return real numbers; got dtype {values.dtype}")
    if values.shape != shape:
        raise ValueError(
            f"function: {name} must return an array of shape {shape}; got {values.shape}"
        )
    values = values.astype(np.float64).ravel()
    if (nan := np.isnan(values)).any():
        raise ValueError(
            f"function: {name} must not return NaN, which 8-bit numbers cannot represent; got "
            f"NaN for {nan.sum()} of {nan.size} inputs"
        )
    return values
