"""Other kinds of array, and the protocols by which they take part."""

import numpy as np
import pytest
from bits import assert_same_bits


class Length(np.ndarray):
    """A subclass that carries a unit along."""

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
    got = ufunc(x)
    assert type(got) is Length
    assert got.unit == "m"
    assert_same_bits(got, ufunc(np.asarray(x)))
    assert type(ufunc(x, subok=False)) is np.ndarray
    assert type(ufunc(np.asarray(x), out=x)) is Length


def test_array_ufunc(ufunc):
    other = Overrider()
    assert ufunc(other) == (ufunc, "__call__", (other,), {})
    x = np.ones(3)
    assert ufunc(x, out=other) == (ufunc, "__call__", (x,), {"out": (other,)})
    assert ufunc.at(other, [0]) == (ufunc, "at", (other, [0]), {})


def test_array_ufunc_none(ufunc):
    with pytest.raises(TypeError, match="does not support ufuncs"):
        ufunc(OptedOut())


def test_array_convertible(ufunc):
    assert_same_bits(ufunc(Convertible()), ufunc([0.5, 1.5]))


def test_masked_array(ufunc):
    x = np.ma.masked_array([-1.0, 0.0, 2.0, 3.0], mask=[False, True, False, True])
    got = ufunc(x)
    assert isinstance(got, np.ma.MaskedArray)
    np.testing.assert_array_equal(got.mask, x.mask)
    assert_same_bits(got.compressed(), ufunc(np.array([-1.0, 2.0])))


def test_memory_map(ufunc, tmp_path):
    x = np.memmap(tmp_path / "x", np.float32, "w+", shape=1000)
    x[:] = np.linspace(-5, 5, 1000)
    assert_same_bits(ufunc(x), ufunc(np.array(x)))
