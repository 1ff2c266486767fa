"""Makes `gelu_fast.gelu(cupy_array)` run on the GPU.

For arrays of other libraries, NumPy calls the array's method `__array_ufunc__` to compute a ufunc.
CuPy's method looks for a function with the ufunc's name in the module `cupy`, and refuses ufuncs
that it does not find. This module replaces the method of `cupy.ndarray` by one that knows the
ufuncs of gelu_fast and passes all others on to CuPy's method. It adds no functions to the module
`cupy`, which already has another `tanh`, for example. The replacement takes place when a
program imports `cupy`, before or after gelu_fast."""

import functools
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from .._core.when_imported import when_imported


def install(functions: Mapping[np.ufunc, Callable[..., Any]]) -> None:
    """Makes CuPy use the functions {ufunc: function for CUDA}, now or when it is imported."""
    when_imported("cupy", lambda cupy: teach(cupy, functions))


def teach(cupy: ModuleType, functions: Mapping[np.ufunc, Callable[..., Any]]) -> None:
    """Replaces the method, unless the module is a stand-in for CuPy, as tests and documentation
    builds make them, or is still importing itself."""
    array = getattr(cupy, "ndarray", None)
    before = getattr(array, "__array_ufunc__", None)
    if not isinstance(array, type) or not callable(before):
        return

    @functools.wraps(before)
    def __array_ufunc__(
        self: Any, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any
    ) -> Any:
        ours = functions.get(ufunc)
        if ours is None:
            return before(self, ufunc, method, *inputs, **keywords)
        if method != "__call__":
            return NotImplemented
        return ours(*inputs, **keywords)

    try:
        array.__array_ufunc__ = __array_ufunc__  # type: ignore[attr-defined]
    except TypeError:
        pass  # a class whose attributes cannot be set
