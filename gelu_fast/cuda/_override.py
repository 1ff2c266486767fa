"""Makes `gelu_fast.gelu(cupy_array)` run on the GPU.

For arrays of other libraries, NumPy calls the array's method `__array_ufunc__` to compute a ufunc.
CuPy's method looks for a function with the ufunc's name in the module `cupy`, and refuses ufuncs
that it does not find. This module replaces the method of `cupy.ndarray` by one that knows the
ufuncs of gelu_fast and passes all others on to CuPy's method. It adds no functions to the module
`cupy`, which already has another `tanh`, for example. The replacement takes place when a
program imports `cupy`, before or after gelu_fast."""

import functools
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast

import numpy as np


def install(functions: Mapping[np.ufunc, Callable[..., Any]]) -> None:
    """Makes CuPy use the functions {ufunc: function for CUDA}, now or when it is imported."""
    cupy = sys.modules.get("cupy")
    if cupy is not None:
        try:
            cupy = importlib.import_module("cupy")  # waits for another thread that imports it
        except Exception:
            pass
        teach(cupy, functions)
    else:
        sys.meta_path.insert(0, WhenImported("cupy", lambda cupy: teach(cupy, functions)))


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
        spec = self.found(path, target)
        execute = getattr(spec and spec.loader, "exec_module", None)
        if spec is None or execute is None:
            return spec

        def exec_module(module: ModuleType) -> None:
            execute(module)
            self.remove()
            self.callback(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign, union-attr]
        return spec

    def found(self, path: Sequence[str] | None, target: ModuleType | None) -> ModuleSpec | None:
        """What the other finders find. A program that only looks whether the module is there also
        comes here, so this finder stays until the module has been imported."""
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is not self and find is not None:
                spec = find(self.name, path, target)
                if spec is not None:
                    return cast(ModuleSpec, spec)
        return None

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)
