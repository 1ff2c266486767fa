"""Compiling and launching the kernels."""

import functools

from .._core import _ufuncs
from . import _cupy, _layout, _source

ROWS = {(r["function"], r["dtype"]): r for r in _ufuncs.table() + _ufuncs.compounds()}
OPTIONS = ("-std=c++20", "--device-as-default-execution-space")


@functools.cache
def module(function, dtype):
    """CuPy compiles it for a device at the first launch there, and keeps the binary in a file."""
    return _cupy.cupy().RawModule(code=_source.source(ROWS[function, dtype]), options=OPTIONS)


@functools.cache
def kernel(function, dtype, kind, device):
    """For one device, as CuPy's own are."""
    name = _source.kernel_name(ROWS[function, dtype], kind)
    return module(function, dtype).get_function(name)


def run(function, inputs, outputs):
    """Computes CuPy arrays of one shape and dtype, in the current stream."""
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
