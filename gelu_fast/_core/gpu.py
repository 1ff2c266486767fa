"""Calls of ufuncs with arrays of CuPy, which `gelu_fast.cuda` computes.

For arrays of other libraries, NumPy calls their method `__array_ufunc__`. CuPy's method looks for a
function with the ufunc's name in the module `cupy`: it refuses most ufuncs of gelu_fast, and
computes `tanh` by another formula. So a ufunc of gelu_fast looks at its operands before NumPy does
(_calls.pxi). Nothing in CuPy is changed, and CuPy may be imported at any time or again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

VARIABLE = "GELU_FAST_CUPY"
NUMPY_METHOD = np.ndarray.__array_ufunc__

# The package sets it to a function that imports gelu_fast.cuda when the first call needs it.
functions: Callable[[], Any] | None = None


def wanted() -> bool:
    """What the environment says. Raises ImportError if it says neither 0 nor 1."""
    value = os.environ.get(VARIABLE) or "1"
    if value not in ("0", "1"):
        raise ImportError(
            f"{VARIABLE}={value!r} cannot be used: it is 0 to leave arrays of CuPy to CuPy, or 1"
        )
    return value == "1"


registered = wanted()


def register(want: bool) -> None:
    global registered
    registered = want


def call(ufunc: np.ufunc, operands: Sequence[Any], keywords: dict[str, Any]) -> Any:
    """The result of a call, or NotImplemented if NumPy should compute it: if no array is CuPy's, or
    another class has to say what to do with the arrays."""
    if not registered or functions is None:
        return NotImplemented
    out = keywords.get("out")
    arrays = [*operands, *(out if isinstance(out, tuple) else (out,))]
    owners = {owner(type(x)) for x in arrays if has_array_ufunc(type(x))}
    if owners != {"cupy"}:
        return NotImplemented
    return getattr(functions(), ufunc.__name__)(*operands, **keywords)


def has_array_ufunc(kind: type) -> bool:
    """Whether a class has a method `__array_ufunc__` that is not NumPy's."""
    try:
        return getattr(kind, "__array_ufunc__", NUMPY_METHOD) is not NUMPY_METHOD
    except Exception:  # NumPy calls no method of such a class either
        return False


def owner(kind: type) -> str:
    """The package of the class that has the method `__array_ufunc__` of `kind`."""
    try:
        for each in kind.__mro__:
            if "__array_ufunc__" in vars(each):
                return str(each.__module__).partition(".")[0]
    except Exception:  # the class of the class has properties of these names, unlike that of CuPy's
        pass
    return ""  # a class of classes has it
