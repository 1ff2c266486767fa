"""The GPU's kernels on the CPU: their very source, compiled as C++ by cuda_host.cpp."""

import ctypes
import os
import shlex
import shutil
import subprocess
from functools import cache

import numpy as np
import pytest
from c_programs import ROOT, output

from gelu_fast.cuda import _launch, _layout, _source

CXX = shlex.split(os.environ.get("CXX", "")) or [
    next(filter(shutil.which, ("c++", "g++", "clang++")), None)
]
needs_cxx = pytest.mark.skipif(CXX[0] is None, reason="there is no C++ compiler")


@cache
def library(function, dtype):
    row = _launch.ROWS[function, dtype]
    source, program = output(f"{function}-{dtype}.cu"), output(f"{function}-{dtype}.so")
    source.write_text(_source.source(row))
    flags = ["-std=c++20", "-O1", "-ffp-contract=off", "-Wall", "-Werror", "-shared", "-fPIC"]
    flags += ["-Wno-unused-function", f'-DSOURCE="{source}"']
    host = ROOT / "tests" / "cuda_host.cpp"
    subprocess.run([*CXX, *flags, host, "-o", program], check=True)
    return ctypes.CDLL(program)


def launch(function, dtype, kind, grid, block, layout):
    """What the GPU would be told to do."""
    kernels = library(function, dtype)
    name = _source.kernel_name(_launch.ROWS[function, dtype], kind)
    size_of_layout = getattr(kernels, f"size_of_layout_{name}")
    size_of_layout.restype = ctypes.c_size_t
    assert (layout.size, layout.nbytes) == (1, size_of_layout())  # CuPy passes no others by value
    size = (ctypes.c_uint * 4)(*grid, *block)
    getattr(kernels, f"run_{name}")(size, ctypes.c_void_p(layout.ctypes.data))


def call(function, *inputs, out=None, kinds=None):
    """The results for arrays of one shape and dtype, as a tuple. `kinds` is a set that the names of
    the kernels used are added to."""
    row, dtype, shape = (
        _launch.ROWS[function, inputs[0].dtype.name],
        inputs[0].dtype,
        inputs[0].shape,
    )
    if out is None:
        out = tuple(np.empty(shape, dtype) for _ in range(row["nout"]))
    arrays = [*inputs, *out]
    addresses = [x.ctypes.data for x in arrays]
    steps = [x.strides for x in arrays]
    for plan in _layout.launches(shape, dtype.itemsize, addresses, steps, len(inputs)):
        launch(function, dtype.name, *plan)
        if kinds is not None:
            kinds.add(plan[0])
    return out
