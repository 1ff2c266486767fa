"""Subclasses and other kinds of arrays, and the protocols that they use."""

import numpy as np
import pytest
from support.bits import assert_same_bits

pytestmark = pytest.mark.kinds


class Length(np.ndarray):
    """A subclass that keeps a unit."""

    unit = None

    def __array_finalize__(self, parent):
        self.unit = getattr(parent, "unit", None)


class Overrider:
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return ufunc, method, inputs, kwargs


class OptedOut:
    __array_ufunc__ = None


class Convertible:
    def __array__(self, dtype=None, copy=None):
        return np.array([0.5, 1.5], dtype)


def test_subclass(ufunc):
    x = np.linspace(-1, 1, 9).view(Length)
    x.unit = "m"
    got = ufunc(*[x] * ufunc.nin)
    assert type(got) is Length
    assert got.unit == "m"
    plain = [np.asarray(x)] * ufunc.nin
    assert_same_bits(got, ufunc(*plain))
    assert type(ufunc(*[x] * ufunc.nin, subok=False)) is np.ndarray
    assert type(ufunc(*plain, out=x)) is Length


def test_array_ufunc(ufunc):
    other = Overrider()
    others = (other,) * ufunc.nin
    assert ufunc(*others) == (ufunc, "__call__", others, {})
    args = (np.ones(3),) * ufunc.nin
    assert ufunc(*args, out=other) == (ufunc, "__call__", args, {"out": (other,)})
    rest = ([0], *args[1:])
    assert ufunc.at(other, *rest) == (ufunc, "at", (other, *rest), {})


def test_array_ufunc_none(ufunc):
    with pytest.raises(TypeError, match="does not support ufuncs"):
        ufunc(*[OptedOut()] * ufunc.nin)


def test_array_convertible(ufunc):
    assert_same_bits(ufunc(*[Convertible()] * ufunc.nin), ufunc(*[[0.5, 1.5]] * ufunc.nin))


def test_masked_array(ufunc):
    x = np.ma.masked_array([-1.0, 0.0, 2.0, 3.0], mask=[False, True, False, True])
    got = ufunc(*[x] * ufunc.nin)
    assert isinstance(got, np.ma.MaskedArray)
    np.testing.assert_array_equal(got.mask, x.mask)
    assert_same_bits(got.compressed(), ufunc(*[np.array([-1.0, 2.0])] * ufunc.nin))


def test_memory_map(ufunc, tmp_path):
    x = np.memmap(tmp_path / "x", np.float32, "w+", shape=1000)
    x[:] = np.linspace(-5, 5, 1000)
    assert_same_bits(ufunc(*[x] * ufunc.nin), ufunc(*[np.array(x)] * ufunc.nin))
