"""Calls a function when a program imports a module that gelu_fast does not need."""

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast

Callback = Callable[[ModuleType], None]


def when_imported(name: str, callback: Callback) -> None:
    """Calls `callback(module)` now if the module has been imported, otherwise after its import."""
    module = sys.modules.get(name)
    if module is None:
        finder.add(name, callback)
        return
    try:
        module = importlib.import_module(name)  # waits for another thread that imports it
    except Exception:
        pass
    callback(module)


class WhenImported:
    """An import hook, which is there as long as a module is awaited."""

    def __init__(self) -> None:
        self.callbacks: dict[str, Callback] = {}

    def add(self, name: str, callback: Callback) -> None:
        self.callbacks[name] = callback
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if name not in self.callbacks:
            return None
        spec = self.found(name, path, target)
        execute = getattr(spec and spec.loader, "exec_module", None)
        if spec is None or execute is None:
            return spec

        def exec_module(module: ModuleType) -> None:
            execute(module)
            self.is_imported(name, module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign, union-attr]
        return spec

    def found(self, name: str, path: Sequence[str] | None, target: Any) -> ModuleSpec | None:
        """What the other finders find. A program that only looks whether the module is there also
        comes here, so the module is awaited until it has been imported."""
        for other in sys.meta_path:
            find = getattr(other, "find_spec", None)
            if other is not self and find is not None:
                spec = find(name, path, target)
                if spec is not None:
                    return cast(ModuleSpec, spec)
        return None

    def is_imported(self, name: str, module: ModuleType) -> None:
        callback = self.callbacks.pop(name, None)
        if not self.callbacks and self in sys.meta_path:
            sys.meta_path.remove(self)
        if callback is not None:
            callback(module)


finder = WhenImported()
