"""The ufuncs of `functions`. As real ufuncs they keep what every ufunc keeps: masks, indexes,
labels, laziness, subclasses and `out=`.

The parameters are bound: `bound("celu", 0.5)` is a ufunc of x alone, because some libraries pass
further operands on in another dtype, or refuse them. Its name, celu(x, 5e-1), is also the name of
an attribute of this module, so that another process can unpickle it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import numpy as np

from .._core import _ufuncs, dtypes
from .._core.arrays import Array, Dtype
from . import functions

BLOCK = 1 << 14  # the intermediate results of a block fit into a core's own cache
NAMES = ("float16", "bfloat16", "float32", "float64")
FLOATS = [np.dtype(name) for name in NAMES if dtypes.is_here(name)]
DRAWS = np.dtype(np.float64)


# The functions of x, and how many parameters they have
PARAMETERS = {
    "linear": 0,
    "logsigmoid": 0,
    "leaky_relu": 1,
    "elu": 1,
    "celu": 1,
    "softplus": 2,
    "hardtanh": 2,
    "hard_sigmoid": 2,
}


def bound(name: str, *parameters: float) -> np.ufunc:
    """The ufunc of x that functions.NAME(x, *parameters, out) computes."""
    return named(f"{name}({', '.join(['x', *map(spelled, parameters)])})")


def spelled(value: float) -> str:
    """The number without a dot, which pickle would take for the dot of an attribute: 5e-1."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    shift = int(exponent or 0) - len(fraction)
    return f"{whole}{fraction}e{shift}" if shift else whole


def __getattr__(name: str) -> np.ufunc:
    if name.partition("(")[0] in PARAMETERS:
        try:
            return named(name)
        except ValueError:
            pass
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@lru_cache(maxsize=1024)
def named(text: str) -> np.ufunc:
    """The ufunc of a name such as celu(x, 5e-1)."""
    name, _, listed = text.partition("(")
    _, *values = listed.removesuffix(")").split(", ")
    if len(values) != PARAMETERS[name]:
        raise ValueError(f"{name} has {PARAMETERS[name]} parameters; got {text!r}")
    signatures = [(dtype, dtype) for dtype in FLOATS]
    return make(text, getattr(functions, name), [float(value) for value in values], signatures)


def make(
    name: str,
    body: Callable[..., None],
    values: Sequence[float],
    signatures: Sequence[tuple[Dtype, ...]],
) -> np.ufunc:
    computed = partial(in_blocks, body, values)
    doc = f"{name} of gelu_fast, as the public function calls it"
    ufunc = _ufuncs.expression(name, computed, len(signatures[0]) - 1, signatures, doc)
    try:
        ufunc.__module__, ufunc.__qualname__ = __name__, name  # type: ignore[misc]
    except AttributeError:
        pass  # An older NumPy has no such attributes; its pickle searches all modules.
    return ufunc


def in_blocks(body: Callable[..., None], values: Sequence[float], *operands: Array) -> None:
    *inputs, out = operands
    with np.errstate(all="ignore"):
        for start in range(0, len(out), BLOCK):
            block = slice(start, start + BLOCK)
            body(*(x[block] for x in inputs), *values, out[block])


stochastic = make(
    "stochastic", functions.stochastic, [], [(dtype, DRAWS, dtype) for dtype in FLOATS]
)
