"""Applies a function to the values of lists and tensors, such as embeddings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ._numbers import validity
from ._types import FIXED, is_tensor, replaced

Apply = Callable[[Sequence[Any]], tuple[Any, ...]]


def on_lists(apply: Apply, operands: Sequence[Any]) -> tuple[Any, ...]:
    """The results for operands that are lists and scalars; `apply` takes the values and the
    scalars."""
    lists = [x for x in operands if isinstance(x, pa.Array)]
    kind = lists[0].type
    if is_tensor(kind):
        storages = [x.storage if isinstance(x, pa.Array) else x for x in operands]
        return tuple(
            replaced(kind, result.type.value_type).wrap_array(result)
            for result in on_lists(apply, storages)
        )
    n, (bitmap, nulls) = len(lists[0]), validity(lists)
    if kind.id == FIXED:
        size, buffers = kind.list_size, [bitmap]
        parts = [
            x.values.slice(x.offset * size, n * size) if isinstance(x, pa.Array) else x
            for x in operands
        ]
    else:
        offsets, part = within(lists[0])
        buffers = [bitmap, pa.py_buffer(offsets)]
        parts = [part if isinstance(x, pa.Array) else x for x in operands]
    return tuple(
        pa.Array.from_buffers(replaced(kind, result.type), n, buffers, nulls, children=[result])
        for result in apply(parts)
    )


def within(lists: Any) -> tuple[Any, Any]:
    """(offsets, values) of lists: only the values that lie between the first and the last
    offset."""
    dtype = np.dtype(np.int64 if pa.types.is_large_list(lists.type) else np.int32)
    count = len(lists) + 1
    if len(lists) == 0:  # may have no memory for offsets
        return np.zeros(1, dtype), lists.values.slice(0, 0)
    offsets = np.frombuffer(lists.buffers()[1], dtype, count, lists.offset * dtype.itemsize)
    first, last = int(offsets[0]), int(offsets[-1])
    return offsets - offsets[0] if first else offsets, lists.values.slice(first, last - first)
