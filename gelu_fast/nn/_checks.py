"""Checks of the arguments of `gelu_fast.nn`."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from .._core.arrays import Array, Dtype

DTYPES = (np.dtype(np.float32), np.dtype(np.float64))


def checked_array(name: str, value: object) -> Array:
    try:
        found = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be an array of float32 or float64: {error}") from None
    if found.dtype not in DTYPES:
        raise TypeError(f"{name} must be of dtype float32 or float64; got {found.dtype}")
    return found


def check_dtype(name: str, found: Array, dtype: Dtype, other: str) -> None:
    if found.dtype != dtype:
        raise TypeError(f"{name} must be of dtype {dtype}, as {other} is; got {found.dtype}")


def checked_parameters(
    axes: Mapping[str, Sequence[str]], parameters: Mapping[str, ArrayLike | None]
) -> tuple[dict[str, Array], dict[str, int]]:
    """({name: array}, {axis: length}) of the parameters. `axes` has the names of the axes of each
    parameter. Parameters with one axis are biases and may be None."""
    found: dict[str, Array] = {}
    sizes: dict[str, int] = {}
    origin: dict[str, str] = {}
    first = next(iter(axes))
    for name, names in axes.items():
        given = parameters[name]
        if given is None and len(names) == 1:
            continue
        array = found[name] = checked_array(name, given)
        check_dtype(name, array, found[first].dtype, first)
        shape = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
        if array.ndim != len(names):
            raise ValueError(f"{name} must have shape {shape}; got {array.shape}")
        for axis, length in zip(names, array.shape, strict=True):
            if sizes.setdefault(axis, length) != length:
                raise ValueError(
                    f"{name} must have shape {shape} with {axis} {sizes[axis]}, as {origin[axis]} "
                    f"has; got {array.shape}"
                )
            origin.setdefault(axis, name)
    return found, sizes


def checked_out(
    name: str, out: object, like: str, shape: tuple[int, ...], inputs: Mapping[str, Array]
) -> Array:
    """Checks an array that receives a result: it must have the dtype of `inputs[like]` and must not
    share memory with any array of `inputs`, {name: array}."""
    if not isinstance(out, np.ndarray):
        raise TypeError(f"{name} must be an array; got {type(out).__name__}")
    check_dtype(name, out, inputs[like].dtype, like)
    if out.shape != shape:
        raise ValueError(f"{name} must have shape {shape}; got {out.shape}")
    if not out.flags.writeable:
        raise ValueError(f"{name} must be writable; got a read-only array")
    for other, array in inputs.items():
        if np.may_share_memory(out, array, max_work=1):  # type: ignore[arg-type]
            raise ValueError(f"{name} must not share memory with {other}")
    return out
