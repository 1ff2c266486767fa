"""Calls a function when a program imports a module that gelu_fast does not need."""

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast

Callback = Callable[[ModuleType], None]


def when_imported(name: str, callback: Callback) -> None:
    """Calls `callback(module)` now if the module has been imported, otherwise after its import. An
    exception of the callback is ignored: the import is none of its business."""
    module = sys.modules.get(name)
    if module is None:
        finder.add(name, callback)
        return
    try:
        callback(importlib.import_module(name))  # waits for another thread that imports it
    except Exception:
        pass


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
        """What the finders after this one find. A program that only looks whether the module is
        there also comes here, so the module is awaited until it has been imported."""
        if name not in self.callbacks:
            return None
        spec = self.found_by_others(name, path, target)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = cast(Any, Loader(spec.loader, self.is_imported))
        return spec

    def found_by_others(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        finders = list(sys.meta_path)
        after = finders.index(self) + 1 if self in finders else 0
        for other in finders[after:]:
            find = getattr(other, "find_spec", None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                return cast(ModuleSpec, spec)
        return None

    def is_imported(self, module: ModuleType) -> None:
        callback = self.callbacks.pop(module.__name__, None)
        if not self.callbacks and self in sys.meta_path:
            sys.meta_path.remove(self)
        try:
            if callback is not None:
                callback(module)
        except Exception:
            pass


class Loader:
    """The loader of one module, which calls `done(module)` after the module has run. Another loader
    does the work, and is the one that the module has; it may serve other modules too."""

    def __init__(self, loader: Any, done: Callback) -> None:
        self.loader, self.done = loader, done

    def __getattr__(self, name: str) -> Any:
        return getattr(vars(self).get("loader"), name)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self.loader
        if module.__spec__ is not None:
            module.__spec__.loader = self.loader
        self.loader.exec_module(module)
        self.done(module)


finder = WhenImported()
