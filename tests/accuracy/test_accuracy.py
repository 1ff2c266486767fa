"""Compares every ufunc with Arb: at all float16 and bfloat16 numbers, by digests of the correctly
rounded results (support/stored.py), and at a few thousand float32 and float64 numbers with
specials, boundaries, zero crossings and the worst inputs of the table.
(test_bulk.py tests millions, against a reference that is itself tested against Arb.)"""

import numpy as np
import pytest
from support import stored
from support.bits import assert_same_bits
from support.reference import error_ulp, limits
from support.samples import arguments, arguments_and_reference
from support.stored import digest_of_numbers
from support.table import ROWS

import gelu_fast

SAMPLE = 61  # each run compares every SAMPLE-th 16-bit number with Arb


def is_half(row):
    return np.dtype(row.dtype).itemsize == 2


def by_row(rows):
    return pytest.mark.parametrize("row", rows, ids=lambda row: f"{row.function}-{row.dtype}")


def test_error_within_bound(row, isa):
    step = SAMPLE if is_half(row) else 1
    args, want = arguments_and_reference(row.function, row.nin, row.dtype, step)
    got = getattr(gelu_fast, row.function)(*args)
    assert got.dtype == row.dtype
    error = error_ulp(got, want)
    i = np.argmax(error)
    assert error[i] <= row.bound_ulp, (
        f"{error[i]:.4f} ULP at {[float(a[i]).hex() for a in args]}: got {float(got[i]).hex()}, "
        f"want {want.nearest[i].item().hex()}"
    )


def correctly_rounded(row):
    """Returns the correctly rounded results from Arb."""
    _, want = arguments_and_reference(row.function, row.nin, row.dtype)
    with np.errstate(over="ignore"):
        return want.rounded().astype(row.dtype)


@by_row([row for row in ROWS if row.bound_ulp == 0.5])
def test_correctly_rounded(row, isa):
    """The test takes all numbers of the dtype, or a sample of pairs for functions of two inputs.
    (Near a tie, the bound of 0.5 ULP alone would allow rounding to either side.)"""
    got = getattr(gelu_fast, row.function)(*arguments(row.function, row.nin, row.dtype))
    if is_half(row) and stored.read("rounded").get(key(row)) == digest_of_numbers(got):
        return
    want = correctly_rounded(row)
    with np.errstate(invalid="ignore"):  # relu returns signalling NaNs
        number = ~np.isnan(want)
        assert np.isnan(got[~number]).all()
    assert_same_bits(got[number], want[number])


def key(row):
    return f"{row.function} {row.dtype}"


@pytest.mark.long
@by_row([row for row in ROWS if row.bound_ulp == 0.5 and is_half(row)])
def test_stored_results(row, check_stored):
    check_stored("rounded", key(row), digest_of_numbers(correctly_rounded(row)))


def test_limits(row, isa):
    assert {"-inf", "inf"} <= limits(row.function).keys()
    for point, value in limits(row.function).items():
        ones = [np.ones((), row.dtype)] * (row.nin - 1)  # dy
        got = getattr(gelu_fast, row.function)(*ones, np.array(float(point), row.dtype))
        assert got == np.array(value, row.dtype), point
        assert np.signbit(got) == np.signbit(value), point


def test_nan_gives_nan(row, isa):
    bits = np.dtype(row.dtype).itemsize * 8
    infinity = np.array(np.inf, row.dtype).view(f"u{bits // 8}")
    quiet = np.array(np.nan, row.dtype).view(f"u{bits // 8}")
    nans = np.array([infinity + 1, quiet, quiet + 1], f"u{bits // 8}")  # the first is signalling
    x = np.repeat(np.concatenate([nans, nans | (1 << (bits - 1))]), 50).view(row.dtype)
    ones = [np.ones_like(x)] * (row.nin - 1)
    with np.errstate(invalid="ignore"):  # relu gives signalling NaNs back
        assert np.isnan(getattr(gelu_fast, row.function)(*ones, x)).all()
        assert np.isnan(getattr(gelu_fast, row.function)(x, *ones)).all()
