"""Packed gates, which take an array that holds both halves."""

import pickle

import numpy as np
import pytest
from support.bits import assert_same_bits

import gelu_fast
from gelu_fast._gates.packed import PACKED

GATES = ["geglu", "geglu_tanh", "geglu_quick", "swiglu", "swiglu_oai", "reglu", "glu"]


@pytest.fixture(params=GATES)
def gate(request):
    """Returns (the packed function, the function of two arrays)."""
    name = request.param
    return getattr(gelu_fast, f"{name}_packed"), getattr(gelu_fast, name)


def some(shape, dtype=np.float32):
    return np.random.default_rng(4).normal(0, 3, shape).astype(dtype)


def halves(x, order):
    if order == "interleaved":
        return x[..., ::2], x[..., 1::2]
    first, second = np.split(x, 2, axis=-1)
    return (first, second) if order == "gate-first" else (second, first)


@pytest.mark.parametrize("order", ["gate-first", "up-first", "interleaved"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_layouts(gate, order, dtype, axis):
    packed, pair = gate
    x = some((6, 4, 10), dtype)
    want = np.moveaxis(pair(*halves(np.moveaxis(x, axis, -1), order)), -1, axis)
    assert_same_bits(packed(x, axis, order), want)
    out = np.empty_like(want)
    assert packed(x, axis=axis, order=order, out=out) is out
    assert_same_bits(out, want)


def test_defaults(gate):
    packed, pair = gate
    x = some((3, 8))
    assert_same_bits(packed(x), pair(x[:, :4], x[:, 4:]))


@pytest.mark.parametrize("order", ["gate-first", "up-first", "interleaved"])
def test_out_may_overlap(gate, order):
    packed, _ = gate
    x = some((5, 40))
    want = packed(x, order=order)
    for part in (slice(None, 20), slice(20, None), slice(None, None, 2)):
        y = x.copy()
        assert_same_bits(packed(y, order=order, out=y[:, part]), want)


def test_odd_length(gate):
    with pytest.raises(ValueError, match=r"x must have an even length on axis 1, .*; got 7"):
        gate[0](some((2, 7)))
    assert gate[0](some((7, 2))).shape == (7, 1)
    assert gate[0](some((7, 0))).shape == (7, 0)


def test_wrong_arguments(gate):
    packed, _ = gate
    x = some((2, 4))
    with pytest.raises(ValueError, match=r"order must be one of 'gate-first', .*; got 'gate'"):
        packed(x, order="gate")
    with pytest.raises(np.exceptions.AxisError):
        packed(x, axis=2)
    with pytest.raises(np.exceptions.AxisError):
        packed(1.0)
    with pytest.raises(TypeError, match=r"axis must be an integer; got 0\.5"):
        packed(x, axis=0.5)
    with pytest.raises(TypeError, match="axis must be an integer; got None"):
        packed(x, axis=None)
    with pytest.raises(ValueError, match=r"order must be one of .*; got \[\]"):
        packed(x, order=[])
    with pytest.raises(ValueError, match="broadcast"):
        packed(x, out=np.empty((2, 3), np.float32))
    with pytest.raises(TypeError, match="not supported"):
        packed(x.astype(complex))


def test_only_gates_are_packed():
    """A function of other inputs has no packed form, and a packed gate is one of the package."""
    assert set(PACKED) == {f"{name}_packed" for name in GATES}
    for name, packed in PACKED.items():
        assert (packed.__module__, packed.__qualname__) == ("gelu_fast", name)
        assert pickle.loads(pickle.dumps(packed)) is packed


def test_like_torch_glu():
    """In PyTorch's GLU the gate is the second half, so the order is "up-first"."""
    x = some((3, 6), np.float64)
    want = x[:, :3] / (1 + np.exp(-x[:, 3:]))
    np.testing.assert_allclose(gelu_fast.glu_packed(x, order="up-first"), want, rtol=1e-14)
