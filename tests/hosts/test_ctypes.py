"""ctypes calls the installed C library, and the results have the bits of the ufuncs."""

import ctypes
import sys

import numpy as np
from support.bits import assert_same_bits, inputs
from support.hosts import EXAMPLES, c_names, check_output, run

import gelu_fast


def test_every_function(isa):
    library = ctypes.CDLL(gelu_fast.get_library())
    for row, name in c_names():
        operands = inputs(row, 100)
        outs = [np.empty(100, row.dtype) for _ in row.outputs]
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (*operands, *outs)]
        getattr(library, f"gf_{name}")(*pointers, ctypes.c_size_t(100))
        with np.errstate(all="ignore"):
            wanted = getattr(gelu_fast, row.function)(*operands)
        for got, want in zip(outs, wanted if row.nout > 1 else [wanted], strict=True):
            assert_same_bits(got, want)


def test_example():
    check_output(run(sys.executable, EXAMPLES / "with_ctypes.py"))
