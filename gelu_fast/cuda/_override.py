"""`gelu_fast.gelu(cupy_array)` on the GPU.

NumPy asks an array that is not its own to compute a ufunc, by `__array_ufunc__`. CuPy's looks
in the module `cupy` for a function with the ufunc's name, and refuses those that are not there.
So the method of `cupy.ndarray` is replaced by one that knows our ufuncs, and leaves all others
to the former one: nothing is added to the module, where `tanh`, for one, is another function
already. It happens when `cupy` is imported, by whomever."""

import functools
import importlib.util
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import numpy as np


def install(functions: Mapping[np.ufunc, Callable[..., Any]]) -> None:
    """Teaches CuPy the functions {ufunc: function for CUDA}, now or when it is imported."""
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
    """Waits for one module, and is gone when it has called back after its import."""

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
