"""The GPU kernels run on the CPU (support/cuda_host.py). They agree with Arb, and bit by bit with
the instruction sets that use the same tables. These tests need no GPU; test_device.py needs one."""

import numpy as np
import pytest
from support.bits import arrays, assert_same, inputs
from support.cuda_host import call, needs_cxx
from support.reference import error_ulp, reference
from support.table import COMPOUNDS, ROWS

import gelu_fast
from gelu_fast._core.dispatch import force_isa

pytestmark = needs_cxx

# The instruction sets that use the same tables as the GPU: all, except scalar in float64
TWINS = [isa for isa in ("avx512", "scalar") if isa in gelu_fast.available_isas()]
ALL = [*ROWS, *COMPOUNDS]
IDS = [f"{row.function}-{row.dtype}" for row in ALL]


def many(row, n):
    made = arrays(row, n) if row in COMPOUNDS else inputs(row, n)
    return tuple(x.copy() for x in made)  # the copies are aligned


def test_error_within_bound(row):
    """A sample is enough, because another test compares the bits with the CPU."""
    args = many(row, 1_000)
    [got] = call(row.function, *args)
    error = error_ulp(got, reference(row.function, row.dtype, *args[::-1]))
    i = np.argmax(error)
    assert error[i] <= row.bound_ulp, f"{error[i]:.4f} ULP at {[float(a[i]).hex() for a in args]}"


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_bits_of_the_cpu(row):
    """The bits equal the bits of the ufunc, at all numbers of the 16-bit dtypes or 100,000 inputs.
    The tests of the ufunc take far more."""
    half = np.dtype(row.dtype).itemsize == 2
    if half and row.nin == 1:
        args = (np.arange(1 << 16, dtype=np.uint16).view(row.dtype),)
    else:
        args = many(row, 100_000)
    twins = TWINS if row.dtype == "float32" else [isa for isa in TWINS if isa == "avx512" or half]
    if not twins:
        pytest.skip("no instruction set of this computer has these tables")
    got = call(row.function, *args)
    for isa in twins:
        with force_isa(isa), np.errstate(all="ignore"):
            want = getattr(gelu_fast, row.function)(*args)
        assert_same(got, want if row.nout == 2 else (want,))


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_both_kernels(row):
    """Contiguous and strided elements, and whole vectors and remainders, give the same results."""
    args, kinds = many(row, 300), set()
    want = call(row.function, *args, kinds=kinds)
    assert kinds == {"vectors"}
    for n in (1, 7, 8, 9, 299):
        assert_same(call(row.function, *(x[:n].copy() for x in args)), [y[:n] for y in want])
    kinds.clear()
    apart = [np.repeat(x, 2)[::2] for x in args]
    assert_same(call(row.function, *apart, kinds=kinds), want)
    assert kinds == {"elements"}
