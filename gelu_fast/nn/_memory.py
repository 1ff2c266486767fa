"""Buffers that a block keeps from call to call, and what forward leaves for backward."""

import math
import threading
from collections.abc import Sequence

import numpy as np

from .._core.arrays import Array, Dtype


class Memory(threading.local):
    """Every thread has one of its own: threads may share a block without a lock."""

    kept: tuple[Array, tuple[int, ...]] | None = (
        None  # (x, shape of y) of the last forward, where backward may follow
    )

    def __init__(self) -> None:
        self._buffers: dict[str, Array] = {}

    def array(self, name: str, shape: Sequence[int], dtype: Dtype) -> Array:
        """The buffer of that name in that shape. It grows only, so that calls of different sizes
        do not allocate in turn."""
        size = math.prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < size:
            buffer = self._buffers[name] = np.empty(size, dtype)
        return buffer[:size].reshape(shape)

    def rows(self, name: str, array: Array) -> tuple[Array, bool]:
        """(the array as a matrix of rows, False), or if its memory does not allow that, (the buffer
        of that name in their shape, True)."""
        shape = (math.prod(array.shape[:-1]), array.shape[-1])
        if array.flags.c_contiguous:
            return array.reshape(shape), False
        return self.array(name, shape, array.dtype), True
