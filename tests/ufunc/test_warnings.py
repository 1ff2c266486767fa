"""No input gives a floating-point warning, and the caller's floating-point state is unchanged."""

import ctypes
import platform
import sys
from functools import cache
from itertools import product

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs, specials
from support.table import ROW

import gelu_fast

LENGTHS = range(71)


@cache
def arrays(function, dtype):
    """Returns arguments of twice every length, and long arguments."""
    row = ROW[function, dtype]
    return [inputs(row, 2 * n, seed=n) for n in LENGTHS], inputs(row, 20_000)


@pytest.mark.parametrize("step", [1, 2, -1])
def test_no_warnings(row, isa, step):
    ufunc = getattr(gelu_fast, row.function)
    short, long = arrays(row.function, row.dtype)
    with np.errstate(all="raise"):
        for n, args in zip(LENGTHS, short, strict=True):
            ufunc(*(x[: n * abs(step)][::step] for x in args))
        ufunc(*(x[::step] for x in long))


def test_no_warnings_for_a_single_kind(row, isa):
    """Arrays of one special value raise no flags; unused lanes and padding raise none either."""
    ufunc = getattr(gelu_fast, row.function)
    with np.errstate(all="raise"):
        for values in product(specials(row.dtype), repeat=row.nin):
            for n in (1, 3, 16, 17, 70):
                ufunc(*(np.full(n, x) for x in values))
            ufunc(*values)


# NumPy neither reads nor clears this part of <fenv.h>: the inexact flag and the rounding direction.
INEXACT, UPWARD = {"x86_64": (0x20, 0x800), "aarch64": (0x10, 0x400000)}.get(
    platform.machine(), (None, None)
)
needs_fenv = pytest.mark.skipif(
    INEXACT is None or sys.platform != "linux",
    reason="constants of fenv.h are known for Linux only",
)


@pytest.fixture
def fenv():
    libm = ctypes.CDLL("libm.so.6")
    libm.feclearexcept(INEXACT)
    rounding = libm.fegetround()
    yield libm
    libm.fesetround(rounding)


@needs_fenv
def test_flags_are_left_alone(row, isa, fenv):
    ufunc = getattr(gelu_fast, row.function)
    args = inputs(row, 70)
    out = np.empty_like(args[0])
    fenv.feclearexcept(INEXACT)
    ufunc(*args, out)
    assert not fenv.fetestexcept(INEXACT)
    fenv.feraiseexcept(INEXACT)
    ufunc(*args, out)
    assert fenv.fetestexcept(INEXACT)


@needs_fenv
def test_flags_can_be_seen(fenv):
    """The test above can fail, because other ufuncs leave the flag raised."""
    np.sqrt(np.full(70, 2.0))
    assert fenv.fetestexcept(INEXACT)


@needs_fenv
def test_rounding_direction_is_left_alone_and_not_used(row, isa, fenv):
    ufunc = getattr(gelu_fast, row.function)
    args = inputs(row, 300)
    want = ufunc(*args)
    got = np.empty_like(want)
    fenv.fesetround(UPWARD)
    ufunc(*args, got)
    assert fenv.fegetround() == UPWARD
    fenv.fesetround(0)
    assert_same_bits(got, want)
