"""Buffers that a block keeps from call to call, and the data that forward keeps for backward."""

import math
import threading
from collections.abc import Sequence

import numpy as np

from .._core.arrays import Array, Dtype


class Memory(threading.local):
    """The memory of a block. Every thread has its own, so threads share a block without a lock."""

    kept: tuple[Array, tuple[int, ...]] | None = (
        None  # (x, shape of y) of the last forward if backward may follow it
    )

    def __init__(self) -> None:
        self._buffers: dict[str, Array] = {}

    def array(self, name: str, shape: Sequence[int], dtype: Dtype) -> Array:
        """The buffer `name` in the given shape. A buffer never shrinks, so that alternating sizes
        do not allocate at every call."""
        size = math.prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < size:
            buffer = self._buffers[name] = np.empty(size, dtype)
        return buffer[:size].reshape(shape)

    def rows(self, name: str, array: Array) -> tuple[Array, bool]:
        """(a view of the array as a matrix, False), or, if the array is not contiguous, (the buffer
        `name` in the shape of that matrix, True)."""
        shape = (math.prod(array.shape[:-1]), array.shape[-1])
        if array.flags.c_contiguous:
            return array.reshape(shape), False
        return self.array(name, shape, array.dtype), True
