"""Applies a function of NumPy arrays to the numbers of Arrow arrays, without copies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .._core.arrays import Array
from ._types import TYPES, dtype_of


def on_numbers(function: Callable[..., Any], operands: Sequence[Any]) -> tuple[Any, ...]:
    """The results for operands that are arrays of numbers, at least one, and scalars."""
    arrays = [x for x in operands if isinstance(x, pa.Array)]
    n, (bitmap, nulls) = len(arrays[0]), validity(arrays)
    results = function(*(values(x) if isinstance(x, pa.Array) else x for x in operands))
    made = []
    for result in results if isinstance(results, tuple) else (results,):
        buffers = [bitmap, pa.py_buffer(checked(result, n))]
        made.append(pa.Array.from_buffers(TYPES[result.dtype], n, buffers, nulls))
    return tuple(made)


def validity(arrays: Sequence[Any]) -> tuple[Any, int]:
    """(bitmap, count of nulls) of the arrays together: a null in one is a null. The bitmap begins
    at a byte. It is the memory of an array where this is possible."""
    with_nulls = [x for x in arrays if x.null_count]
    if not with_nulls:
        return None, 0
    first = with_nulls[0]
    if len(with_nulls) == 1 and first.offset % 8 == 0:
        return first.buffers()[0].slice(first.offset // 8), first.null_count
    valid = reduce(pc.and_, map(pc.is_valid, with_nulls), pa.scalar(True))  # begins at a byte
    return valid.buffers()[1], valid.false_count


def values(array: Any) -> Array:
    """The numbers of an array as NumPy sees them, also those under nulls."""
    dtype = dtype_of(array.type)
    if dtype.kind == "b":
        return values(array.cast(pa.uint8())).view(np.bool_)
    if len(array) == 0:
        return np.empty(0, dtype)
    found = np.frombuffer(array.buffers()[1], dtype, len(array), array.offset * dtype.itemsize)
    found.flags.writeable = False  # the data of others
    return found


def checked(result: Any, n: int) -> Array:
    if not isinstance(result, np.ndarray):
        raise TypeError(f"function must return an array of NumPy; got {type(result).__name__}")
    if result.shape != (n,):
        raise ValueError(
            f"function must return an array of the shape of its operands, ({n},); "
            f"got {result.shape}"
        )
    if result.dtype not in TYPES or result.dtype.kind == "b":
        raise TypeError(f"function must return numbers that Arrow has; got dtype {result.dtype}")
    return np.ascontiguousarray(result)
