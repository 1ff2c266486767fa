"""Any memory layout of input and output gives the bits that a contiguous copy gives."""

import numpy as np
import pytest
from bits import assert_same_bits, samples
from layouts import READABLE, WRITABLE

import gelu_fast

N = 700  # more than two of the blocks in which the core gathers strided elements


def contiguous(ufunc, view):
    """The function on a fresh, native and contiguous copy."""
    return ufunc(np.array(view, view.dtype.newbyteorder("="), order="C"))


@pytest.mark.parametrize("layout", READABLE)
def test_input_layout(row, isa, layout):
    ufunc = getattr(gelu_fast, row.function)
    view = READABLE[layout](samples(row, N))
    got = ufunc(view)
    assert got.shape == view.shape
    assert got.dtype == row.dtype
    assert_same_bits(got, contiguous(ufunc, view))


@pytest.mark.parametrize("layout", WRITABLE)
def test_output_layout(row, isa, layout):
    ufunc = getattr(gelu_fast, row.function)
    x = WRITABLE[layout](samples(row, N))
    out = WRITABLE[layout](np.zeros(N, row.dtype))
    assert ufunc(np.array(x, row.dtype, order="C"), out=out) is out
    assert_same_bits(out, contiguous(ufunc, x))


@pytest.mark.parametrize("layout", WRITABLE)
def test_in_place(row, isa, layout):
    ufunc = getattr(gelu_fast, row.function)
    x = WRITABLE[layout](samples(row, N))
    want = contiguous(ufunc, x)
    assert ufunc(x, out=x) is x
    assert_same_bits(x, want)


@pytest.mark.parametrize("step", [1, 2, 5, -1, -3])
def test_writes_nothing_but_the_output(row, isa, step):
    ufunc = getattr(gelu_fast, row.function)
    for n in (0, 1, 3, 16, 37, 300):
        x = samples(row, n)
        memory = np.full(n * abs(step) + 200, 7, row.dtype)
        inside = np.zeros(memory.shape, bool)
        window = slice(100, 100 + n * abs(step))
        inside[window][::step] = True
        ufunc(x, out=memory[window][::step])
        assert_same_bits(memory[window][::step], ufunc(x))
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
            want = contiguous(ufunc, x)
            ufunc(x, out=out)
            assert_same_bits(out, want)


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
    want = contiguous(ufunc, x)
    ufunc(x, out=out)
    assert_same_bits(out, want)
