"""Makes `gelu_fast.gelu(cupy_array)` run on the GPU.

For arrays of other libraries, NumPy calls the array's method `__array_ufunc__` to compute a ufunc.
CuPy's method looks for a function with the ufunc's name in the module `cupy`, and refuses ufuncs
that it does not find. This module replaces the method of `cupy.ndarray` by one that knows the
ufuncs of gelu_fast and passes all others on to CuPy's method. It adds no functions to the module
`cupy`, which already has another `tanh`, for example. The replacement takes place when a
program imports `cupy`, before or after gelu_fast."""

import functools
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import numpy as np


def install(functions: Mapping[np.ufunc, Callable[..., Any]]) -> None:
    """Makes CuPy use the functions {ufunc: function for CUDA}, now or when it is imported."""
    cupy = sys.modules.get("cupy")
    if cupy is not None:
        teach(cupy, functions)
    else:
        sys.meta_path.insert(0, WhenImported("cupy", lambda cupy: teach(cupy, functions)))


def teach(cupy: ModuleType, functions: Mapping[np.ufunc, Callable[..., Any]]) -> None:
    before = cupy.ndarray.__array_ufunc__

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

    cupy.ndarray.__array_ufunc__ = __array_ufunc__


class WhenImported:
    """An import hook that calls back once, after the import of one module."""

    def __init__(self, name: str, callback: Callable[[ModuleType], None]) -> None:
        self.name, self.callback = name, callback

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                self.callback(module)

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
