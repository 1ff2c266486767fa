"""Applies a function to one array of numbers, the usual case, in few steps: any call takes
microseconds when large arrays have emptied the caches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from ._arrays import matters, on_arrays
from ._numbers import checked
from ._types import DTYPES, TYPES


def on_array(function: Callable[..., Any], array: Any) -> tuple[Any, ...]:
    """What `on_arrays` returns for one array. The nulls are in the memory of the array, also if the
    slice begins inside a byte of the bitmap. The results then begin with this byte: a ufunc may
    compute up to seven elements more, which another function might count or draw."""
    dtype = DTYPES.get(array.type.id)
    n, start, nulls = len(array), array.offset, array.null_count
    before = start % 8 if nulls else 0
    if dtype is None or dtype.kind == "b" or n == 0:
        return on_arrays(function, [array])
    if before and not isinstance(function, np.ufunc):
        return on_arrays(function, [array])
    bitmap, data = array.buffers()
    values = np.frombuffer(data, dtype, n + before, (start - before) * dtype.itemsize)
    values.flags.writeable = False  # the data of others
    if nulls:
        raised: list[str] = []
        with np.errstate(all="call", call=lambda kind, flags: raised.append(kind)):
            results = function(values)
        if raised and any(map(matters, raised)):
            return on_arrays(function, [array])
        bitmap = bitmap.slice(start // 8)
    else:
        bitmap, results = None, function(values)
    made = []
    for result in results if isinstance(results, tuple) else (results,):
        buffers = [bitmap, pa.py_buffer(checked(result, n + before))]
        made.append(pa.Array.from_buffers(TYPES[result.dtype], n, buffers, nulls, before))
    return tuple(made)
