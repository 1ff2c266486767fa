"""The C reference of error_report, which measures millions of results, agrees with Arb."""

import subprocess

import numpy as np
import pytest
from support import ROOT
from support.c_programs import QUAD, build, tool
from support.samples import domain, inputs, zero_crossings
from support.table import FUNCTIONS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def program():
    source = ROOT / "tests" / "c" / "reference_values.c"
    return build("reference_values", [source, tool("reference.c")], libraries=QUAD)


def evaluate(program, function, x):
    """Returns (fast, high, low, exponent) for each x."""
    lines = "".join(f"{function} {float(v).hex()}\n" for v in x)
    printed = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    rows = [line.split() for line in printed.stdout.splitlines()]
    *floats, exponents = zip(*rows, strict=True)
    return [
        *(np.array([float.fromhex(v) for v in column]) for column in floats),
        np.array([int(v) for v in exponents]),
    ]


def error_in_ulp(dtype, high, low, exponent, want):
    """Returns abs((high + low) * 2^exponent - r) / ulp(r) for the finite r, and which r are finite.
    It compares NaNs, infinities and the signs of zeros itself."""
    with np.errstate(over="ignore"):
        rounded = np.ldexp(high, exponent).astype(dtype)
    special = ~np.isfinite(want.nearest)
    np.testing.assert_array_equal(np.isfinite(rounded), ~special)
    np.testing.assert_array_equal(rounded[special], want.nearest[special])
    zero = (want.nearest == 0) | (high == 0)
    np.testing.assert_array_equal(np.signbit(high[zero]), np.signbit(want.nearest[zero]))
    finite = np.isfinite(want.nearest)
    high, low, exponent = high[finite], low[finite], exponent[finite] - want.exponent[finite]
    # The difference of the leading parts is exact.
    error = np.ldexp(high, exponent) - np.ldexp(want.nearest[finite], -want.exponent[finite])
    return np.abs(error + (np.ldexp(low, exponent) - want.rest[finite])), finite


@pytest.mark.parametrize("function", FUNCTIONS)
def test_exact_reference(program, function):
    x, want = inputs(function, "float64")
    _, *exact = evaluate(program, function, x)
    error, _ = error_in_ulp("float64", *exact, want)
    # 113 bits leave this error at float64 numbers next to a zero crossing, and far less elsewhere.
    assert error.max() < 0.02
    assert np.quantile(error, 0.9) < 2**-45


@pytest.mark.parametrize("function", FUNCTIONS)
def test_fast_reference(program, function):
    x, want = inputs(function, "float32")
    fast, *_ = evaluate(program, function, x)
    nothing = np.zeros(len(x), int)
    error, finite = error_in_ulp("float32", fast, nothing, nothing, want)
    x = x[finite].astype(np.float64)
    far = np.ones(len(x), bool)  # from zero crossings: near them error_report takes the exact one
    for crossing in zero_crossings(function, *domain(function)):
        far &= np.abs(x - crossing) > 2**-9
    assert error[far].max() < 1e-4
