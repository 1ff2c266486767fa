"""The same x gives the same bits at any position: for any length, offset, stride, alignment, and
neighbours."""

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs, specials
from support.layouts import misaligned

import gelu_fast
from gelu_fast._core.dispatch import stream_from
from gelu_fast._core.dtypes import finfo

pytestmark = pytest.mark.kinds

LONGEST = 130  # slightly more than eight vectors of the widest instruction set


@pytest.fixture
def ufunc(row):
    return getattr(gelu_fast, row.function)


@pytest.fixture
def args(row):
    """Returns (x,) or (dy, x)."""
    return inputs(row, LONGEST, seed=1)


@pytest.fixture
def alone(ufunc, args, isa):
    """Returns the result for each element, each computed in a call of its own."""
    results = [ufunc(*(a[i : i + 1] for a in args))[0] for i in range(LONGEST)]
    return np.array(results, args[0].dtype)


def test_length(ufunc, args, alone):
    for n in range(LONGEST + 1):
        assert_same_bits(ufunc(*(a[:n] for a in args)), alone[:n])


def test_offset(ufunc, args, alone):
    for start in range(LONGEST + 1):
        assert_same_bits(ufunc(*(a[start:] for a in args)), alone[start:])


def test_stride_of_input(ufunc, args, alone):
    for step in (2, 3, 4, 5, 8, 16, 31, -1, -2, -3, -16):
        assert_same_bits(ufunc(*(a[::step] for a in args)), alone[::step])


def test_stride_of_output(ufunc, args, alone):
    for step in (2, 3, 16, -1, -2):
        out = np.empty(LONGEST * abs(step), alone.dtype)[::step]
        assert_same_bits(ufunc(*args, out=out), alone)


def test_alignment(ufunc, args, alone):
    out = np.empty(LONGEST, alone.dtype)
    for offset in range(64):
        assert_same_bits(ufunc(*(misaligned(a, offset) for a in args)), alone)
        assert_same_bits(ufunc(*args, out=misaligned(out, offset)), alone)


def test_zero_stride(ufunc, args, alone):
    for *values, want in zip(*args, alone, strict=True):
        broadcast = [np.broadcast_to(value, 67) for value in values]
        assert_same_bits(ufunc(*broadcast), np.full(67, want))


def test_zero_dimensional(ufunc, args, alone):
    for *values, want in zip(*args, alone, strict=True):
        assert_same_bits(ufunc(*values), want)


@pytest.mark.parametrize(
    "neighbour", ["0", "nan", "inf", "-inf", "tail", "saturated", "subnormal", "largest"]
)
def test_neighbours(ufunc, row, args, alone, neighbour):
    """A lane does not depend on the values of the other lanes, so no decision is for all lanes."""
    info = finfo(row.dtype)
    value = {
        "tail": max(row.lo, info.min) * 0.97,
        "saturated": max(row.lo, info.min) * 1.03,
        "subnormal": info.smallest_subnormal,
        "largest": info.max,
    }.get(neighbour)
    crowd = np.full(LONGEST, float(neighbour) if value is None else value).astype(row.dtype)
    for i in range(LONGEST):
        mixed = [crowd.copy() for _ in args]
        for a, values in zip(mixed, args, strict=True):
            a[i] = values[i]
        assert_same_bits(ufunc(*mixed)[i], alone[i])


def test_special_numbers_beside_tiny_ones(ufunc, row, isa):
    """16-bit types compute whole vectors in double where operands are tiny; what is NaN there is
    evaluated once more, in the tail too."""
    numbers = specials(row.dtype)
    with np.errstate(invalid="ignore"):  # of signalling NaNs
        numbers = numbers[~np.isnan(numbers)]
    grid = [x.ravel() for x in np.meshgrid(*[numbers] * row.nin)]
    crowd = [np.full(len(numbers) ** row.nin * 2, -3.0, row.dtype) for _ in grid]
    crowd[0][:] = finfo(row.dtype).smallest_subnormal
    for operand, values in zip(crowd, grid, strict=True):
        operand[::2] = values
    alone = [ufunc(*values) for values in zip(*grid, strict=True)]
    for k, got in enumerate(results(ufunc(*crowd))):
        want = np.array([results(each)[k] for each in alone], row.dtype)
        assert_same_bits(got[::2], want)


def results(found):
    return found if isinstance(found, tuple) else (found,)


def test_long_array(ufunc, args, alone):
    """The array is larger than the caches, so other loops may run; its odd length leaves a
    remainder."""
    copies = 3001
    assert_same_bits(ufunc(*(np.tile(a, copies) for a in args)), np.tile(alone, copies))


@pytest.mark.parametrize("n", [1, 17, 1024, 30_003])
def test_past_the_caches(ufunc, args, alone, n):
    """Other stores may write large results; here they write results of any size."""
    longer = [np.resize(a, n) for a in args]
    memory = np.zeros(n + 80, alone.dtype)
    with stream_from(1):
        for start in range(0, 64, 7):
            out = memory[start : start + n]
            memory[:] = 7
            ufunc(*longer, out=out)
            assert_same_bits(out, np.resize(alone, n))
            assert (memory[:start] == 7).all()
            assert (memory[start + n :] == 7).all()
