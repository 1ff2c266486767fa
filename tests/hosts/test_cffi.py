"""cffi reads gelu_c_flat.h and calls the installed C library, and the results have the bits of the
ufuncs."""

import sys
from pathlib import Path

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs
from support.hosts import EXAMPLES, c_names, check_output, run

import gelu_fast
from gelu_fast._core import _ufuncs

cffi = pytest.importorskip("cffi", reason="cffi is not installed")


@pytest.fixture(scope="module")
def loaded():
    ffi = cffi.FFI()
    ffi.cdef(Path(gelu_fast.get_include(), "gelu_c_flat.h").read_text())
    return ffi, ffi.dlopen(gelu_fast.get_library())


def test_every_function(loaded, isa):
    ffi, library = loaded
    for row, name in c_names():
        function = getattr(library, f"gf_{name}")
        operands = inputs(row, 100)
        outs = [np.empty(100, row.dtype) for _ in row.outputs]
        addresses = [array.ctypes.data for array in (*operands, *outs)]
        *kinds, _ = ffi.typeof(function).args
        pointers = [ffi.cast(kind, to) for kind, to in zip(kinds, addresses, strict=True)]
        function(*pointers, 100)
        with np.errstate(all="ignore"):
            wanted = getattr(gelu_fast, row.function)(*operands)
        for got, want in zip(outs, wanted if row.nout > 1 else [wanted], strict=True):
            assert_same_bits(got, want)


def test_table(loaded):
    """The structures of the header are laid out as cffi computes from it."""
    ffi, library = loaded
    rows = [*_ufuncs.table(), *_ufuncs.compounds()]
    assert library.gf_row_count() == len(rows)
    found = [library.gf_row_at(i) for i in range(len(rows))]
    assert {(ffi.string(row.function.name).decode(), row.bound_ulp, row.hi) for row in found} == {
        (row.function, row.bound_ulp, row.hi) for row in rows
    }
    assert library.gf_row_at(len(rows)) == ffi.NULL


def test_example():
    printed = run(sys.executable, EXAMPLES / "with_cffi.py")
    check_output(printed)
    assert "errors are below 1 ULP" in printed
