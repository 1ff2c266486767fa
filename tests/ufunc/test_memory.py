"""Any memory layout of input and output gives the same bits as a contiguous copy."""

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs, samples
from support.layouts import READABLE, WRITABLE

import gelu_fast

pytestmark = pytest.mark.kinds

N = 700  # more than two of the blocks in which the core gathers strided elements


def contiguous(ufunc, *views):
    """Computes the function on fresh, native and contiguous copies."""
    return ufunc(*(np.array(view, view.dtype.newbyteorder("="), order="C") for view in views))


@pytest.mark.parametrize("layout", READABLE)
def test_input_layout(row, isa, layout):
    ufunc = getattr(gelu_fast, row.function)
    views = [READABLE[layout](x) for x in inputs(row, N)]
    got = ufunc(*views)
    assert got.shape == views[0].shape
    assert got.dtype == row.dtype
    assert_same_bits(got, contiguous(ufunc, *views))


@pytest.mark.parametrize("layout", WRITABLE)
def test_output_layout(row, isa, layout):
    ufunc = getattr(gelu_fast, row.function)
    args = [WRITABLE[layout](x) for x in inputs(row, N)]
    out = WRITABLE[layout](np.zeros(N, row.dtype))
    assert ufunc(*(np.array(x, row.dtype, order="C") for x in args), out=out) is out
    assert_same_bits(out, contiguous(ufunc, *args))


@pytest.mark.parametrize("layout", WRITABLE)
def test_in_place(row, isa, layout):
    ufunc = getattr(gelu_fast, row.function)
    for i in range(row.nin):  # write into each input in turn
        args = [WRITABLE[layout](x) for x in inputs(row, N)]
        want = contiguous(ufunc, *args)
        assert ufunc(*args, out=args[i]) is args[i]
        assert_same_bits(args[i], want)


@pytest.mark.parametrize("step", [1, 2, 5, -1, -3])
def test_writes_nothing_but_the_output(row, isa, step):
    ufunc = getattr(gelu_fast, row.function)
    for n in (0, 1, 3, 16, 37, 300):
        args = inputs(row, n)
        memory = np.full(n * abs(step) + 200, 7, row.dtype)
        inside = np.zeros(memory.shape, bool)
        window = slice(100, 100 + n * abs(step))
        inside[window][::step] = True
        ufunc(*args, out=memory[window][::step])
        assert_same_bits(memory[window][::step], ufunc(*args))
        assert (memory[~inside] == 7).all()


@pytest.mark.parametrize("direction", ["output behind input", "output ahead of input"])
def test_overlapping_views(row, isa, direction):
    ufunc = getattr(gelu_fast, row.function)
    for n in (1, 5, 16, 100, 3000):
        for shift in (1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 300):
            memory = samples(row, n + shift)
            x, out = memory[shift:], memory[:n]
            if direction == "output ahead of input":
                x, out = out, x
            check_overlap(ufunc, x, out)


OVERLAPS = {
    "reversed": lambda m: (m, m[::-1]),
    "reversed, shifted": lambda m: (m[:-3], m[:2:-1]),
    "input strides ahead": lambda m: (m[::2], m[: len(m) // 2]),
    "output strides ahead": lambda m: (m[: len(m) // 2], m[::2]),
    "interleaved": lambda m: (m[::2], m[1::2]),
    "both reversed, shifted ahead": lambda m: (m[:4:-1], m[-6::-1]),
    "both reversed, shifted behind": lambda m: (m[-6::-1], m[:4:-1]),
    "zero stride": lambda m: (np.broadcast_to(m[9:10], 100), m[:100]),
    "transposed": lambda m: (m[:676].reshape(26, 26).T, m[:676].reshape(26, 26)),
    "same bytes, other byte order": lambda m: (m.view(m.dtype.newbyteorder()), m),
    "a part of an element": lambda m: (m.view(np.uint8)[1 : 1 - m.itemsize].view(m.dtype), m[:-1]),
}


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_other_overlaps(row, isa, overlap):
    ufunc = getattr(gelu_fast, row.function)
    x, out = OVERLAPS[overlap](samples(row, N))
    assert np.may_share_memory(x, out)
    check_overlap(ufunc, x, out)


def check_overlap(ufunc, x, out):
    """Computes the function of x into out; another input overlaps neither."""
    args = [np.linspace(-3, 3, x.size).reshape(x.shape).astype(out.dtype), x][-ufunc.nin :]
    want = contiguous(ufunc, *args)
    ufunc(*args, out=out)
    assert_same_bits(out, want)
