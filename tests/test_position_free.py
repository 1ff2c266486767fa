"""The same x gives the same bits wherever it stands: any length, offset, stride, alignment, and any
neighbours."""

import numpy as np
import pytest
from bits import assert_same_bits, samples
from layouts import misaligned

import gelu_fast

LONGEST = 130  # eight vectors of the widest instruction set, and a bit


@pytest.fixture
def ufunc(row):
    return getattr(gelu_fast, row.function)


@pytest.fixture
def x(row):
    return samples(row, LONGEST, seed=1)


@pytest.fixture
def alone(ufunc, x, isa):
    """The result for each element, computed by itself."""
    return np.array([ufunc(x[i : i + 1])[0] for i in range(len(x))], x.dtype)


def test_length(ufunc, x, alone):
    for n in range(LONGEST + 1):
        assert_same_bits(ufunc(x[:n]), alone[:n])


def test_offset(ufunc, x, alone):
    for start in range(LONGEST + 1):
        assert_same_bits(ufunc(x[start:]), alone[start:])


def test_stride_of_input(ufunc, x, alone):
    for step in (2, 3, 4, 5, 8, 16, 31, -1, -2, -3, -16):
        assert_same_bits(ufunc(x[::step]), alone[::step])


def test_stride_of_output(ufunc, x, alone):
    for step in (2, 3, 16, -1, -2):
        out = np.empty(LONGEST * abs(step), x.dtype)[::step]
        assert_same_bits(ufunc(x, out=out), alone)


def test_alignment(ufunc, x, alone):
    out = np.empty(LONGEST, x.dtype)
    for offset in range(64):
        assert_same_bits(ufunc(misaligned(x, offset)), alone)
        assert_same_bits(ufunc(x, out=misaligned(out, offset)), alone)


def test_zero_stride(ufunc, x, alone):
    for value, want in zip(x, alone, strict=True):
        assert_same_bits(ufunc(np.broadcast_to(value, 67)), np.full(67, want))


def test_zero_dimensional(ufunc, x, alone):
    for value, want in zip(x, alone, strict=True):
        assert_same_bits(ufunc(value), want)


@pytest.mark.parametrize(
    "neighbour", ["0", "nan", "inf", "-inf", "tail", "saturated", "subnormal", "largest"]
)
def test_neighbours(ufunc, row, x, alone, neighbour):
    """A lane does not change with what the other lanes hold: there are no all-lane decisions."""
    info = np.finfo(row.dtype)
    value = {
        "tail": max(row.lo, info.min) * 0.97,
        "saturated": max(row.lo, info.min) * 1.03,
        "subnormal": info.smallest_subnormal,
        "largest": info.max,
    }.get(neighbour)
    crowd = np.full(LONGEST, neighbour if value is None else value).astype(row.dtype)
    for i in range(LONGEST):
        mixed = crowd.copy()
        mixed[i] = x[i]
        assert_same_bits(ufunc(mixed)[i], alone[i])


def test_long_array(ufunc, x, alone):
    """Beyond the caches, where other loops may be used; the odd length leaves a remainder."""
    copies = 3001
    assert_same_bits(ufunc(np.tile(x, copies)), np.tile(alone, copies))
