"""The ufuncs of `functions`. As real ufuncs they keep what every ufunc keeps: masks, indexes,
labels, laziness, subclasses and `out=`.

The parameters are bound: `bound("celu", 0.5)` is a ufunc of x alone, because some libraries pass
further operands on in another dtype, or refuse them. The name of such a ufunc has the bits of the
parameters, and is an attribute of this module, so that another process can unpickle it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from .._core import _ufuncs, dtypes
from .._core.arrays import Array
from . import functions

BLOCK = 1 << 12  # the intermediate results of a block fit into a core's own cache
NAMES = ("float16", "bfloat16", "float32", "float64")
FLOATS = [np.dtype(name) for name in NAMES if dtypes.is_here(name)]
DRAWS = np.dtype(np.float64)


def bound(name: str, *parameters: float) -> np.ufunc:
    """The ufunc of x that functions.NAME(x, *parameters, out) computes."""
    return named("_".join([name, *(struct.pack(">d", value).hex() for value in parameters)]))


def __getattr__(name: str) -> np.ufunc:
    try:
        return named(name)
    except (AttributeError, ValueError, struct.error):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


@lru_cache(maxsize=1024)
def named(text: str) -> np.ufunc:
    """The ufunc of a name such as celu_3fe0000000000000."""
    parts = text.split("_")
    bits = [part for part in parts if len(part) == 16]
    name = "_".join(parts[: len(parts) - len(bits)])
    values = [struct.unpack(">d", bytes.fromhex(part))[0] for part in bits]
    ufunc = make(getattr(functions, name), values, [(dtype, dtype) for dtype in FLOATS])
    describe(ufunc, text)
    return ufunc


def make(
    body: Callable[..., None], values: list[float], signatures: list[tuple[np.dtype, ...]]
) -> np.ufunc:
    name = body.__name__
    doc = f"The ufunc of gelu_fast.functional.{name}."
    computed = partial(in_blocks, body, values)
    return _ufuncs.expression(name, computed, len(signatures[0]) - 1, signatures, doc)


def in_blocks(body: Callable[..., None], values: list[float], *operands: Array) -> None:
    *inputs, out = operands
    with np.errstate(all="ignore"):
        for start in range(0, len(out), BLOCK):
            block = slice(start, start + BLOCK)
            body(*(x[block] for x in inputs), *values, out[block])


def describe(ufunc: np.ufunc, name: str) -> None:
    try:
        ufunc.__module__, ufunc.__qualname__ = __name__, name
    except AttributeError:
        pass  # An older NumPy has no such attributes; its pickle searches all modules.


stochastic = make(functions.stochastic, [], [(dtype, DRAWS, dtype) for dtype in FLOATS])
describe(stochastic, "stochastic")
