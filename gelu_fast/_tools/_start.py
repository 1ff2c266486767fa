"""Prepares a process of the command gelu-fast, before anything else is imported.

The package imports this module first, because the import of NumPy takes most of the time in which
the command starts. In any other process this module changes nothing."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # the import of `typing` takes time in which Ctrl-C gives a traceback
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import NoReturn

NAMES = ("gelu-fast", "gelu-fast.exe", "gelu_fast", "-mgelu_fast")


def is_command() -> bool:
    """Whether this process runs the script gelu-fast or `python -m gelu_fast`."""
    arguments = getattr(sys, "argv", [])
    if not 0 < len(arguments) <= len(sys.orig_argv):
        return False  # the interpreter is embedded in another program
    # What precedes the arguments: a script, or the option -m and a module.
    return os.path.basename(sys.orig_argv[-len(arguments)]) in NAMES


def leave(message: str, status: int) -> NoReturn:
    """Ends the process with a line on stderr. Nothing needs to be cleaned up yet."""
    try:
        os.write(2, f"gelu-fast: {message}\n".encode(errors="backslashreplace"))
    except OSError:
        pass  # stderr is closed or full, and the status still says what happened
    os._exit(status)


def fail(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An excepthook: Ctrl-C needs no traceback, nor does an ImportError of one line, such as that
    of a wrong GELU_FAST_ISA."""
    if isinstance(error, KeyboardInterrupt):
        leave("stopped by SIGINT", 130)
    if isinstance(error, ImportError) and "\n" not in str(error):
        leave(str(error), 2)
    sys.__excepthook__(kind, error, trace)


def stop(signum: int, frame: FrameType | None) -> None:
    """The handler of SIGINT: no `except` of the imports gets to see a KeyboardInterrupt."""
    leave("stopped by SIGINT", 130)


def started() -> None:
    """Ends what `fail` does. `stop` stays until the command has handlers of its own."""
    if sys.excepthook is fail:
        sys.excepthook = sys.__excepthook__


if is_command():
    sys.excepthook = fail
    import signal  # this takes time, so it comes after the hook

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)
