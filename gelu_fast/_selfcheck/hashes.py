"""Hashes of all float32 results of the correctly rounded functions, which are the same on every
computer."""

import hashlib
from collections.abc import Callable, Iterator

import numpy as np

from .._core import _ufuncs
from .._core.dispatch import force_isa

# SHA-256 of the 2^32 results, in the order of the inputs' bits, as little-endian numbers of 4 bytes; every
# NaN is 0x7fc00000. src/gelu_c/tools/check/rounding.c has shown for the same results that each is the
# number nearest to the exact value.
PUBLISHED: dict[str, str] = {}

INPUTS = 2**32
BLOCK = 2**20
NAN = 0x7FC00000


def blocks() -> Iterator[np.ndarray]:
    """Yields all float32 numbers, in the order of their bits."""
    offsets = np.arange(BLOCK, dtype=np.uint32)
    for first in range(0, INPUTS, BLOCK):
        yield (offsets + np.uint32(first)).view(np.float32)


def hash_of(function: str, isa: str, advance: Callable[[], None] = lambda: None) -> str:
    """Computes the hash of a function on an instruction set; calls `advance` after each block. An
    exception from `advance` stops it."""
    found, results = hashlib.sha256(), np.empty(BLOCK, np.float32)
    ufunc, bits = _ufuncs.ufuncs()[function], results.view(np.uint32)
    with force_isa(isa):
        for x in blocks():
            ufunc(x, out=results)
            bits[np.isnan(results)] = NAN
            found.update(bits.astype("<u4", copy=False).data)
            advance()
    return found.hexdigest()
