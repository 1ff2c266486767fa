"""Checks the arguments of `gelu_fast.quantized`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .._core import _ufuncs
from .._core.arrays import Array, Doubles, Dtype

DTYPES = (np.dtype(np.int8), np.dtype(np.uint8))
ROUNDINGS = ("even", "away")


def checked_dtype(name: str, dtype: DTypeLike) -> Dtype:
    try:
        found = np.dtype(dtype)
    except TypeError as error:
        raise TypeError(f"{name} must be int8 or uint8; got {dtype!r}: {error}") from None
    if found not in DTYPES:
        raise TypeError(f"{name} must be int8 or uint8; got {found}")
    return found


def checked_rounding(rounding: str) -> str:
    if not isinstance(rounding, str):
        raise TypeError(f"rounding must be 'even' or 'away'; got {rounding!r}")
    if rounding not in ROUNDINGS:
        raise ValueError(f"rounding must be 'even' or 'away'; got {rounding!r}")
    return rounding


def checked_array(name: str, array: object) -> Array:
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be an array of int8 or uint8; got {type(array).__name__}")
    if array.dtype.char not in "bB":
        raise TypeError(f"{name} must be an array of int8 or uint8; got dtype {array.dtype}")
    return array if type(array) is np.ndarray else np.asarray(array)


def checked_scale(name: str, scale: ArrayLike) -> Doubles:
    """The scale, or the scales of all channels, in float64."""
    found = numbers(name, scale, "fiu", "a real number or an array of real numbers")
    with np.errstate(over="ignore"):
        exact = found.astype(np.float64)
    if (wrong := ~(exact > 0) | np.isinf(exact)).any():
        raise ValueError(f"{name} must be positive and finite; got {found[wrong][0]}")
    if (wrong := exact.astype(found.dtype) != found).any():
        raise ValueError(f"{name} must be exact in float64; got {found[wrong][0]!r}")
    return exact


def checked_zero_point(name: str, zero_point: ArrayLike, dtype: Dtype) -> NDArray[np.int64]:
    """The zero point, or the zero points of all channels, in int64."""
    found = numbers(name, zero_point, "iu", "an integer or an array of integers")
    info = np.iinfo(dtype)
    if (wrong := (found < info.min) | (found > info.max)).any():
        raise ValueError(
            f"{name} must be in the range of {dtype}, {info.min} to {info.max}; "
            f"got {found[wrong][0]}"
        )
    return found.astype(np.int64)


def numbers(name: str, value: ArrayLike, kinds: str, allowed: str) -> Array:
    """The argument as an array with at most one dimension and one of these kinds of dtype."""
    try:
        found = np.asarray(value)
    except ValueError as error:
        raise TypeError(f"{name} must be {allowed}: {error}") from None
    if found.dtype.kind not in kinds:
        if found.dtype.kind == "O" and all(type(x) is int for x in found.flat):
            raise ValueError(f"{name} is out of range; got {value!r}")
        raise TypeError(f"{name} must be {allowed}; got {value!r}")
    if found.ndim > 1:
        raise ValueError(
            f"{name} must be a number or have shape (C,); got an array of shape {found.shape}"
        )
    return found


def channels(**arguments: Array) -> Sequence[Array]:
    """The arguments in their order, broadcast to one shape: () or (C,)."""
    try:
        return np.broadcast_arrays(*arguments.values())
    except ValueError:
        shapes = ", ".join(f"{name} {found.shape}" for name, found in arguments.items())
        raise ValueError(
            f"all arrays must have the same number of channels; got shapes {shapes}"
        ) from None


def checked_function(
    function: np.ufunc | str | Callable[[Doubles], ArrayLike],
) -> tuple[str, Callable[[Doubles], ArrayLike] | None]:
    """(name, None) for a function of the library with one input, otherwise (name, callable)."""
    ours = _ufuncs.ufuncs()
    if isinstance(function, str):
        if function not in ours:
            known = ", ".join(name for name, ufunc in ours.items() if ufunc.nin == 1)
            raise ValueError(f"function must be one of {known}; got {function!r}")
        function = ours[function]
    name = getattr(function, "__name__", repr(function))
    if isinstance(function, np.ufunc) and (function.nin, function.nout) != (1, 1):
        raise TypeError(
            f"function must have one input and one output; {name} has {function.nin} and "
            f"{function.nout}"
        )
    if name in ours and ours[name] is function:
        return name, None
    if not callable(function):
        raise TypeError(
            f"function must be a function of gelu_fast, its name or a callable; got {function!r}"
        )
    return name, function
