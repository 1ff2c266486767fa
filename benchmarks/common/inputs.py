"""Makes the data for the timings: random data, real data, and kinds that make some kernels slow."""

from pathlib import Path

import numpy as np

from gelu_fast._core import _ufuncs
from gelu_fast._core.dtypes import finfo

MINILM = Path(__file__).resolve().parents[2] / "data" / "minilm_ffn_preactivations.npy"
ALIGNMENT = 64


DTYPES = list(dict.fromkeys(row.dtype for row in _ufuncs.table()))  # bfloat16 needs ml_dtypes


def aligned(n, dtype):
    """Returns an uninitialized array of n elements that starts at a multiple of 64 bytes, so that
    the alignment favours no contestant."""
    size = n * dtype.itemsize
    memory = np.empty(size + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + size].view(dtype)


def filled(values, dtype):
    """Returns an aligned array of these values."""
    array = aligned(len(values), dtype)
    array[...] = values
    return array


def normal(n, dtype, seed=1):
    """Returns normally distributed numbers with standard deviation 2."""
    generator = np.random.default_rng(seed)
    return filled(2 * generator.standard_normal(n, np.float32), dtype)


def minilm(n, dtype):
    """Returns inputs of the GELU in a sentence encoder (data/README.md), evenly chosen or repeated
    to make n."""
    values = np.load(MINILM).ravel()
    return filled(np.resize(values[:: max(1, values.size // n)], n), dtype)


DATA = {"normal": normal, "minilm": minilm}


# ---- Kinds of data on which some kernels are slow


def left_tail(n, dtype):
    return filled(np.random.default_rng(2).uniform(-20, -6.3, n), dtype)


def subnormal(n, dtype):
    below = np.random.default_rng(3).uniform(-1, 1, n)
    return filled(below * float(finfo(dtype).tiny), dtype)


def constant(value):
    return lambda n, dtype: filled(np.full(n, value), dtype)


def alternating(n, dtype):
    """Returns the absolute values of the normal data with alternating signs."""
    return filled(np.abs(normal(n, dtype)) * np.where(np.arange(n) % 2, -1, 1), dtype)


CLIFFS = {
    "left tail": left_tail,
    "subnormal": subnormal,
    "NaN": constant(np.nan),
    "-inf": constant(-np.inf),
    "+inf": constant(np.inf),
    "+ - + -": alternating,
    "MiniLM": minilm,
}


def edge(function, n, dtype):
    """Returns numbers between 0.85 * end and end, where `end` is the left end of the domain in the
    table, or the right end if the left one is infinite."""
    [row] = [row for row in _ufuncs.table() if (row.function, row.dtype) == (function, dtype.name)]
    end = row.lo if np.isfinite(row.lo) else row.hi
    if not np.isfinite(end):
        end = -finfo(dtype).max / 2
    return filled(np.random.default_rng(5).uniform(0.85, 1, n) * float(end), dtype)


def half_edge(function, n, dtype):
    """Returns numbers at the edge and normal numbers, half of each, in random order."""
    at_edge = np.random.default_rng(6).random(n) < 0.5
    return filled(np.where(at_edge, edge(function, n, dtype), normal(n, dtype)), dtype)
