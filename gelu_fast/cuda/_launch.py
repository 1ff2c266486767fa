"""Compiles and launches the kernels."""

import functools
from collections.abc import Sequence
from typing import Any

from .._core.table import COMPOUNDS
from .._core.table import ROWS as ROWS_OF_X
from . import _cupy, _layout, _source

ROWS = {(row.function, row.dtype): row for row in ROWS_OF_X + COMPOUNDS}
OPTIONS = ("-std=c++20", "--device-as-default-execution-space")


@functools.cache
def module(function: str, dtype: str) -> Any:
    """The CuPy module of a kernel. CuPy compiles it for each device at the first launch there, and
    stores the binary in a file."""
    return _cupy.cupy().RawModule(code=_source.source(ROWS[function, dtype]), options=OPTIONS)


@functools.cache
def kernel(function: str, dtype: str, kind: str, device: int) -> Any:
    """The kernel for one device, as in CuPy, which caches its own kernels for each device."""
    name = _source.kernel_name(ROWS[function, dtype], kind)
    return module(function, dtype).get_function(name)


def run(function: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
    """Runs a function in the current stream, on CuPy arrays of one shape and dtype."""
    arrays = [*inputs, *outputs]
    dtype, device = arrays[0].dtype, arrays[0].device
    plans = _layout.launches(
        outputs[0].shape,
        dtype.itemsize,
        [a.data.ptr for a in arrays],
        [a.strides for a in arrays],
        len(inputs),
    )
    with device:
        for kind, grid, block, layout in plans:
            kernel(function, dtype.name, kind, device.id)(grid, block, (layout,))
