"""Calls of gelu_fast.cuda with CuPy arrays: dtypes, shapes, strides, outputs, errors. The arrays
are in the memory of the CPU (cupy_on_host.py), and the results must equal the results of the
ufuncs. These tests need no GPU; test_device.py needs one."""

import sys

import numpy as np
import pytest
from support.bits import assert_same_bits

import gelu_fast
from gelu_fast import cuda
from gelu_fast.cuda import _layout

if not sys.platform.startswith("linux"):
    pytest.skip("CuPy is tested on Linux", allow_module_level=True)

import cupy
from support.cuda_host import needs_cxx
from support.cupy_on_host import Device, launched, to_cupy, to_numpy  # noqa: F401

pytestmark = [needs_cxx, pytest.mark.usefixtures("launched")]

DTYPES = ["float16", "bfloat16", "float32", "float64"]


def numbers(shape, dtype="float32", seed=0):
    return np.random.default_rng(seed).normal(0, 3, shape).astype(dtype)


def assert_same(got, want):
    assert isinstance(got, cupy.ndarray)
    assert got.shape == want.shape
    assert_same_bits(to_numpy(got), np.asarray(want))


# A shape, and a function that makes a view of an array of this shape
VIEWS = {
    "side by side": ((1000,), lambda x: x),
    "a remainder": ((1003,), lambda x: x),
    "misaligned": ((1001,), lambda x: x[1:]),
    "every third": ((1000,), lambda x: x[::3]),
    "backwards": ((1000,), lambda x: x[::-1]),
    "rows": ((7, 64), lambda x: x[:, :48]),
    "ragged rows": ((7, 65), lambda x: x[:, 1:50]),
    "transposed": ((31, 32), lambda x: x.T),
    "of three dimensions": ((5, 6, 48), lambda x: x.transpose(1, 0, 2)[::2]),
    "of many dimensions": ((2,) * 11, lambda x: x.transpose(*range(0, 11, 2), *range(1, 11, 2))),
    "one number": ((), lambda x: x),
    "nothing": ((3, 0, 5), lambda x: x),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("view", VIEWS)
def test_strides(view, dtype):
    shape, make = VIEWS[view]
    x = make(numbers(shape, dtype))
    assert_same(cuda.gelu(to_cupy(x)), gelu_fast.gelu(x))
    out = make(np.zeros(shape, dtype))
    cuda.gelu(to_cupy(x), out=to_cupy(out))
    assert_same_bits(out, np.asarray(gelu_fast.gelu(x)))
    dy = make(numbers(shape, dtype, 1))
    assert_same(cuda.gelu_backward(to_cupy(dy), to_cupy(x)), gelu_fast.gelu_backward(dy, x))


@pytest.mark.parametrize("shapes", [[(4, 6, 40), (40,)], [(4, 6, 40), (6, 1)], [(3, 1), (1, 5)]])
def test_broadcasting(shapes):
    x, b = (numbers(shape, seed=k) for k, shape in enumerate(shapes))
    assert_same(cuda.bias_gelu(to_cupy(x), to_cupy(b)), gelu_fast.bias_gelu(x, b))


def test_rows_take_vectors(launched):  # noqa: F811
    cuda.bias_gelu(to_cupy(numbers((64, 40))), to_cupy(numbers(40)))
    assert launched == ["vectors"]
    cuda.bias_gelu(to_cupy(numbers((40, 64)).T), to_cupy(numbers((64, 1))))
    cuda.leaky_relu(to_cupy(numbers((64, 40))), 0.01)
    assert launched == ["vectors"] * 3
    cuda.gelu(to_cupy(numbers((64, 41)))[:, :-1])
    assert launched[3:] == ["elements"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_numbers(dtype):
    """A Python number has no dtype of its own, but a NumPy number has one."""
    x = numbers(40, dtype)
    assert_same(cuda.leaky_relu(to_cupy(x), 0.25), gelu_fast.leaky_relu(x, 0.25))
    assert_same(cuda.swish(to_cupy(x), np.float64(2)), gelu_fast.swish(x, np.float64(2)))
    slope = x.dtype.type(0.25)
    got = cuda.leaky_relu(to_cupy(x), slope)
    assert got.dtype == dtype
    assert_same(got, gelu_fast.leaky_relu(x, slope))


def test_dtypes():
    x = np.arange(-20, 20)
    assert_same(cuda.gelu(to_cupy(x)), gelu_fast.gelu(x))
    assert_same(cuda.gelu(to_cupy(x), dtype="float32"), gelu_fast.gelu(x, dtype="float32"))
    mixed = x.astype(np.float16), x.astype(np.float32)
    assert_same(cuda.geglu(*map(to_cupy, mixed)), gelu_fast.geglu(*mixed))
    with pytest.raises(TypeError, match="not supported for the input types"):
        cuda.gelu(to_cupy(x.astype(complex)))


def test_two_outputs():
    args = [numbers((9, 20), seed=k) for k in range(3)]
    want = gelu_fast.geglu_backward(*args)
    got = cuda.geglu_backward(*map(to_cupy, args))
    out = tuple(to_cupy(np.empty((9, 20), np.float32)) for _ in range(2))
    assert cuda.geglu_backward(*map(to_cupy, args), out=out)[1] is out[1]
    for a, b, c in zip(got, want, out, strict=True):
        assert_same(a, b)
        assert_same(c, b)
    first = cuda.geglu_backward(*map(to_cupy, args), out=(None, out[0]))[0]
    assert_same(first, want[0])
    assert_same(out[0], want[1])


# ---- Outputs


def test_out_by_position():
    x, out = numbers(40), to_cupy(np.empty(40, np.float32))
    assert cuda.gelu(to_cupy(x), out) is out
    assert_same(out, gelu_fast.gelu(x))


def test_in_place():
    x = numbers(1000)
    there = to_cupy(x.copy())
    cuda.gelu(there, out=there)
    assert_same(there, gelu_fast.gelu(x))


@pytest.mark.parametrize("move", [(slice(1, None), slice(-1)), (slice(-1), slice(1, None))])
def test_overlap(move):
    """The result is the same as with an output elsewhere."""
    x = numbers(1000)
    there = to_cupy(x.copy())
    cuda.gelu(there[move[0]], out=there[move[1]])
    assert_same(there[move[1]], gelu_fast.gelu(x[move[0]]))


def test_out_of_another_dtype():
    x, out = numbers(40), to_cupy(np.zeros(40))
    cuda.gelu(to_cupy(x), out=out)
    assert_same(out, gelu_fast.gelu(x).astype(float))
    before = np.zeros(40, int)
    with pytest.raises(TypeError, match=r"out must .* to which float32 can be cast .*; got int64"):
        cuda.gelu(to_cupy(x), out=to_cupy(before))
    assert not before.any()


def test_larger_out():
    x, out = numbers(5), to_cupy(np.zeros((3, 5), np.float32))
    cuda.gelu(to_cupy(x), out=out)
    assert_same(out, np.broadcast_to(gelu_fast.gelu(x), (3, 5)))
    with pytest.raises(ValueError, match=r"out must have the shape .*, \(3, 5\); got \(5,\)"):
        cuda.gelu(out, out=to_cupy(x))
    assert_same(to_cupy(x), numbers(5))


# ---- Refused


@pytest.mark.parametrize("x", [np.zeros(3), [1.0, 2.0], "text", None])
def test_not_on_a_device(x):
    with pytest.raises(TypeError, match=r"x must be .*; got a \w+\.\w+, which is not on a CUDA"):
        cuda.gelu(x)
    with pytest.raises(TypeError, match=r"dy must be .*; got a \w+\.\w+, which is not on a CUDA"):
        cuda.gelu_backward(x, to_cupy(np.zeros(3)))
    with pytest.raises(TypeError, match=r"out must be .*; got a \w+\.\w+, which is not on a CUDA"):
        cuda.gelu(to_cupy(np.zeros(3)), out=[x] if x is None else x)


def test_wrong_arguments():
    x = to_cupy(np.zeros(3))
    with pytest.raises(TypeError, match=r"gelu\(\) takes from 1 to 2 positional arguments but 3"):
        cuda.gelu(x, x, x)
    with pytest.raises(TypeError, match="unexpected keyword argument 'where'"):
        cuda.gelu(x, where=True)
    with pytest.raises(TypeError, match="out must be given by position or by name; got both"):
        cuda.gelu(x, x, out=x)
    with pytest.raises(ValueError, match="out must be 2 arrays, one for each result; got 1"):
        cuda.geglu_backward(x, x, x, out=x)
    with pytest.raises(TypeError, match="gelu: at least one operand must be an array on a device"):
        cuda.gelu(1.0)
    with pytest.raises(
        ValueError, match=r"could not be broadcast together with shapes \(3,\) \(4,\)"
    ):
        cuda.geglu(x, to_cupy(np.zeros(4)))


def test_devices(monkeypatch):
    x, b = to_cupy(np.zeros(3)), to_cupy(np.zeros(3))
    monkeypatch.setitem(Device.numbers, b.data.ptr, 1)
    with pytest.raises(
        ValueError, match=r"all operands must be on one device; got devices \[0, 1\]"
    ):
        cuda.bias_gelu(x, b)


# ---- The ufuncs


def test_ufunc_of_cupy_array():
    x = numbers((4, 50))
    assert_same(gelu_fast.gelu(to_cupy(x)), gelu_fast.gelu(x))
    assert_same(gelu_fast.tanh(to_cupy(x)), gelu_fast.tanh(x))  # not cupy.tanh
    out = to_cupy(np.empty_like(x))
    assert gelu_fast.gelu(to_cupy(x), out=out) is out
    assert_same(out, gelu_fast.gelu(x))
    assert_same(gelu_fast.bias_gelu(to_cupy(x), 1.0), gelu_fast.bias_gelu(x, 1.0))
    refused = out.__array_ufunc__(gelu_fast.bias_gelu, "accumulate", out)
    assert refused is NotImplemented


def test_other_ufuncs_are_left_to_cupy(monkeypatch):
    called = []
    monkeypatch.setattr(cupy, "sin", lambda x: called.append(x))
    x = to_cupy(numbers(3))
    np.sin(x)
    assert called[0] is x


def test_packed():
    x = numbers((4, 50))
    assert_same(gelu_fast.geglu_packed(to_cupy(x)), gelu_fast.geglu_packed(x))


# ---- Layouts


def test_grid_covers_everything():
    """Blocks have 256 threads, and grids are within the limits of CUDA."""
    for rows, columns in [(1, 1), (1, 10**10), (10**6, 3), (10**7, 300), (65536 * 256, 1)]:
        block, grid = _layout.blocks(rows, columns)
        assert block[0] * block[1] == _layout.THREADS
        assert grid[0] * block[0] >= columns
        assert grid[1] * block[1] >= rows or grid[1] == 65535
        assert grid[0] < 2**31


@pytest.mark.parametrize(("rows", "columns"), [(70_000 * 256, 1)])
def test_more_rows_than_a_grid(rows, columns):
    """Each thread also computes further rows."""
    x = np.zeros((rows, 2), np.float16)
    x[-1, 0] = 1
    got = cuda.relu(to_cupy(x[:, :1]), out=to_cupy(x[:, 1:]))
    assert to_numpy(got)[-1, 0] == 1
    assert to_numpy(got).sum() == 1
