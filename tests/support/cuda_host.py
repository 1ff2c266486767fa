"""Runs GPU kernels on the CPU: their source, compiled as C++ with cuda_host.cpp."""

import ctypes
import os
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gelu_fast.cuda import _launch, _layout, _source
from support.c_programs import made

CXX = shlex.split(os.environ.get("CXX", "")) or [
    next(filter(shutil.which, ("c++", "g++", "clang++")), None)
]
needs_cxx = pytest.mark.skipif(CXX[0] is None, reason="there is no C++ compiler")


@cache
def library(function, dtype):
    # C++14, because the headers of later versions take longer than the kernels
    flags = ["-std=gnu++14", "-O1", "-ffp-contract=off", "-Wall", "-Werror", "-Wno-unused-function"]
    host = Path(__file__).with_name("cuda_host.cpp")

    def compiled(path):
        source = path.with_suffix(".cu")
        source.write_text(_source.source(_launch.ROWS[function, dtype]))
        command = [*CXX, *flags, "-shared", "-fPIC", f'-DSOURCE="{source}"', host, "-o", path]
        subprocess.run(command, check=True)

    return ctypes.CDLL(made(f"cuda-{function}-{dtype}.so", compiled))


def launch(function, dtype, kind, grid, block, layout):
    """Runs a kernel on a grid, as a launch on the GPU."""
    kernels = library(function, dtype)
    name = _source.kernel_name(_launch.ROWS[function, dtype], kind)
    size_of_layout = getattr(kernels, f"size_of_layout_{name}")
    size_of_layout.restype = ctypes.c_size_t
    assert (layout.size, layout.nbytes) == (1, size_of_layout())  # CuPy passes no others by value
    size = (ctypes.c_uint * 4)(*grid, *block)
    getattr(kernels, f"run_{name}")(size, ctypes.c_void_p(layout.ctypes.data))


def call(function, *inputs, out=None, kinds=None):
    """The results for arrays of one shape and dtype, as a tuple. The names of the kernels used are
    added to the set `kinds`."""
    row, dtype, shape = (
        _launch.ROWS[function, inputs[0].dtype.name],
        inputs[0].dtype,
        inputs[0].shape,
    )
    if out is None:
        out = tuple(np.empty(shape, dtype) for _ in range(row.nout))
    arrays = [*inputs, *out]
    addresses = [x.ctypes.data for x in arrays]
    steps = [x.strides for x in arrays]
    for plan in _layout.launches(shape, dtype.itemsize, addresses, steps, len(inputs)):
        launch(function, dtype.name, *plan)
        if kinds is not None:
            kinds.add(plan[0])
    return out
