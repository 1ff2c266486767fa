"""The GPU's kernels, run on the CPU (support/cuda_host.py): against Arb, and bit by bit against the
instruction sets with the same tables. No GPU takes part here: test_device.py is for one."""

import numpy as np
import pytest
from support.bits import arrays, assert_same, inputs
from support.cuda_host import call, needs_cxx
from support.reference import error_ulp, reference
from support.table import COMPOUNDS, ROWS

import gelu_fast
from gelu_fast._core.dispatch import force_isa

pytestmark = needs_cxx

# The instruction sets with the rows of the GPU's vocabulary: all but float64's on scalar
TWINS = [isa for isa in ("avx512", "scalar") if isa in gelu_fast.available_isas()]
ALL = [*ROWS, *COMPOUNDS]
IDS = [f"{row.function}-{row.dtype}" for row in ALL]


def many(row, n):
    made = arrays(row, n) if row in COMPOUNDS else inputs(row, n)
    return tuple(x.copy() for x in made)  # aligned


def test_error_within_bound(row):
    """On a sample: that the bits are those of the CPU says the rest."""
    args = many(row, 1_000)
    [got] = call(row.function, *args)
    error = error_ulp(got, reference(row.function, row.dtype, *args[::-1]))
    i = np.argmax(error)
    assert error[i] <= row.bound_ulp, f"{error[i]:.4f} ULP at {[float(a[i]).hex() for a in args]}"


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_bits_of_the_cpu(row):
    """Those of the ufunc, whose own tests try far more inputs: all numbers of the 16-bit types,
    100,000 of others."""
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
    """Elements side by side and elements apart, whole vectors and what is left over."""
    args, kinds = many(row, 300), set()
    want = call(row.function, *args, kinds=kinds)
    assert kinds == {"vectors"}
    for n in (1, 7, 8, 9, 299):
        assert_same(call(row.function, *(x[:n].copy() for x in args)), [y[:n] for y in want])
    kinds.clear()
    apart = [np.repeat(x, 2)[::2] for x in args]
    assert_same(call(row.function, *apart, kinds=kinds), want)
    assert kinds == {"elements"}
