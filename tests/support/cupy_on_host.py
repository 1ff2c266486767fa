"""CuPy arrays in the memory of the CPU, for tests without a GPU. The arrays are CuPy's; NumPy
replaces what CuPy would run on a device, and cuda_host.py runs our kernels."""

import contextlib
from types import SimpleNamespace
from typing import ClassVar

import cupy
import numpy as np
import pytest

from gelu_fast.cuda import _cupy, _launch
from support import cuda_host


@pytest.fixture
def launched(monkeypatch):
    """Makes CuPy work on the CPU until the test ends; the value is the list of launched kernels."""
    launched = []

    def kernel(function, dtype, kind, device):
        def run(grid, block, args):
            launched.append(kind)
            cuda_host.launch(function, dtype, kind, grid, block, *args)

        return run

    def in_numpy(compute):
        return lambda *args, **kwargs: to_cupy(compute(*args, **kwargs))

    def astype(x, dtype, copy=True):
        return x if x.dtype == dtype and not copy else to_cupy(to_numpy(x).astype(dtype))

    def full(shape, value, dtype):
        assert np.dtype(dtype).kind != "V", "CuPy's own kernels do not know bfloat16"
        return to_cupy(np.full(shape, value, dtype))

    def setitem(x, index, value):
        to_numpy(x)[index] = to_numpy(value)

    monkeypatch.setattr(_cupy, "cupy", lambda: cupy)  # without looking for a device
    monkeypatch.setattr(_launch, "kernel", kernel)
    monkeypatch.setattr(cupy, "full", full)
    monkeypatch.setattr(cupy.ndarray, "copy", in_numpy(lambda x: to_numpy(x).copy()), False)
    monkeypatch.setattr(cupy.ndarray, "astype", astype, False)
    monkeypatch.setattr(cupy.ndarray, "__setitem__", setitem, False)
    monkeypatch.setattr(cupy.ndarray, "device", property(Device), False)
    with cupy.cuda.using_allocator(allocate):
        yield launched


class Device(contextlib.nullcontext):
    """Device 0, or the device that a test has assigned to an array."""

    numbers: ClassVar = {}

    def __init__(self, x):
        super().__init__()
        self.id = self.numbers.get(x.data.ptr, 0)


def allocate(size):
    memory = np.empty(max(size, 1), np.uint8)
    owner = cupy.cuda.UnownedMemory(memory.ctypes.data, memory.nbytes, memory, 0)
    return cupy.cuda.MemoryPointer(owner, 0)


def to_cupy(x):
    """A CuPy array that uses the memory of a NumPy array."""
    memory = x.view(np.uint16) if x.dtype.kind == "V" else x  # bfloat16 does not support buffers
    lowest, highest = np.lib.array_utils.byte_bounds(memory)
    owner = cupy.cuda.UnownedMemory(lowest, max(highest - lowest, 1), memory, 0)
    at = cupy.cuda.MemoryPointer(owner, memory.ctypes.data - lowest)
    return cupy.ndarray(x.shape, x.dtype, at, x.strides)


def to_numpy(x):
    """A NumPy array that uses the memory of a CuPy array; other objects are returned as they
    are."""
    if not isinstance(x, cupy.ndarray):
        return x
    half = x.dtype.kind == "V"
    interface = {
        "data": (x.data.ptr, False),
        "shape": x.shape,
        "strides": x.strides,
        "typestr": "<u2" if half else x.dtype.str,
        "version": 3,
    }
    seen = np.asarray(SimpleNamespace(__array_interface__=interface, owner=x))
    return seen.view(x.dtype) if half else seen
