"""Makes threadpoolctl see and limit the threads of gelu_fast, when a program imports it.

threadpoolctl looks for loaded libraries with known names, and calls their functions. So this module
tells it the name of the library with the C core and the functions for the number of threads."""

import sys
from types import ModuleType
from typing import Any

from .when_imported import when_imported

PACKAGE = __name__.partition(".")[0]


def register(threadpoolctl: ModuleType) -> None:
    """Registers a controller, unless this is an old threadpoolctl (before 3.2) or a stand-in."""
    base = getattr(threadpoolctl, "LibController", None)
    add = getattr(threadpoolctl, "register", None)
    if isinstance(base, type) and callable(add):
        add(controller(base))


def controller(base: Any) -> type:
    class GeluFastController(base):  # type: ignore[misc]
        """The threads of gelu_fast."""

        user_api = internal_api = PACKAGE
        filename_prefixes = ("libgelu_c",)
        check_symbols = ("gf_num_threads", "gf_set_num_threads")

        def get_num_threads(self) -> int | None:
            get = getattr(self.dynlib, "gf_num_threads", None)
            return None if get is None else get()

        def set_num_threads(self, num_threads: int) -> None:
            set_number = getattr(self.dynlib, "gf_set_num_threads", None)
            if set_number is not None:
                set_number(num_threads)

        def get_version(self) -> str | None:
            return getattr(sys.modules.get(PACKAGE), "__version__", None)

    return GeluFastController


when_imported("threadpoolctl", register)
