"""Ufuncs whose loop is a Python function."""

import sys
import threading

import numpy as np
import pytest
from support.bits import assert_same_bits
from support.table import DTYPES

import gelu_fast.functional as F
from gelu_fast._core import _ufuncs

DOUBLE = np.dtype(np.float64)


def made(body, nin=1, dtypes=("float64",)):
    rows = [(np.dtype(dtype),) * (nin + 1) for dtype in dtypes]
    return _ufuncs.expression("made", body, nin, rows, "a ufunc for tests")


LAYOUTS = {
    "number": lambda: 1.0,
    "short": lambda: np.zeros(3),
    "long": lambda: np.zeros(100_000),
    "strided": lambda: np.zeros((300, 7))[:, ::2].T,
    "cast": lambda: np.zeros(9000, np.float32),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt, ValueError])
def test_an_error_is_raised(layout, error):
    def body(x, out):
        raise error("said in the loop")

    with pytest.raises(error, match="said in the loop"):
        made(body)(LAYOUTS[layout]())


def test_no_flags_remain():
    """Floating-point flags that the body raises are not reported."""

    def body(x, out):
        with np.errstate(all="ignore"):
            np.divide(1.0, x, out=out)

    with np.errstate(all="raise"):
        assert made(body)(np.zeros(3)).tolist() == [np.inf] * 3


@pytest.mark.parametrize("layout", LAYOUTS)
def test_operands(layout):
    def body(x, y, out):
        np.subtract(x, y, out=out)

    x = LAYOUTS[layout]()
    difference = made(body, 2)
    np.testing.assert_array_equal(difference(x, 2.0), np.subtract(x, 2.0))
    np.testing.assert_array_equal(difference(2.0, x), np.subtract(2.0, x))


def test_dtypes():
    seen = []
    ufunc = made(lambda x, out: seen.append((x.dtype, out.dtype)), 1, DTYPES)
    for dtype in DTYPES:
        ufunc(np.zeros(2, dtype))
    assert seen == [(np.dtype(dtype),) * 2 for dtype in DTYPES]
    with pytest.raises(TypeError, match="'made'"):
        ufunc(np.zeros(2, complex))


def test_lives_with_its_body():
    """A ufunc keeps its body, and lets it go."""

    def body(x, out):
        out[...] = x

    before = sys.getrefcount(body)
    ufunc = made(body)
    assert sys.getrefcount(body) > before
    assert ufunc(2.0) == 2.0
    del ufunc
    assert sys.getrefcount(body) == before


def test_threads():
    x = np.linspace(-30, 5, 200_000)
    want = F.celu(x, 0.7)
    got = [None] * 4

    def work(i):
        got[i] = F.celu(x, 0.7)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in got:
        assert_same_bits(result, want)


@pytest.mark.parametrize("dtype", DTYPES)
def test_blocks(dtype):
    """Results do not depend on the position, and the output may be the input."""
    x = np.resize(np.linspace(-9, 4, 37).astype(dtype), 9001)
    for function in (F.celu, F.elu, F.softplus):
        want = function(x, 1.7)
        assert_same_bits(want, np.resize(function(x[:37], 1.7), 9001))
        same = x.copy()
        assert function(same, 1.7, out=same) is same
        assert_same_bits(same, want)
