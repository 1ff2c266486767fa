"""Signals that stop the command: the first one stops it, and later ones are ignored."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType
from typing import Any, Self

from .._files.streams import STREAM

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """A signal has stopped the command. This is not an Exception, so that no `except Exception`
    catches it."""

    def __init__(self, signum: int) -> None:
        self.signal = signal.Signals(signum)
        self.status = 128 + signum


class Signals:
    """Raises Stopped at the first signal; inside `noted`, only where the job calls check().

    As a context manager it restores the earlier handlers at the end. A process that runs only the
    command calls `catch` first and `ignore` last: the shutdown of Python restores the default
    handlers, and another signal would then change the exit status.
    """

    def __init__(self) -> None:
        self.first: int | None = None
        self.noting = False
        self.before: dict[int, Any] = {}  # the earlier handler of each signal

    def catch(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # Python calls handlers in the main thread only
        for signum in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
            if signal.getsignal(signum) not in (signal.SIG_IGN, None):  # nohup ignores SIGHUP
                self.before[signum] = signal.signal(signum, self.handler)

    def handler(self, signum: int, frame: FrameType | None) -> None:
        if self.first is None:
            self.first = signum
            if not self.noting:
                raise Stopped(signum)

    def ignore(self) -> None:
        self.noting = True  # too late to raise
        for signum in self.before:
            signal.signal(signum, signal.SIG_IGN)

    @contextmanager
    def noted(self) -> Iterator[Callable[[], None]]:
        """Yields check(), which raises Stopped if a signal has come.

        The handler only records the signal, and the job calls check() between two chunks. So no
        signal interrupts a chunk or the clean-up.
        """

        def check() -> None:
            if self.first is not None:
                raise Stopped(self.first)

        self.noting = True
        try:
            yield check
        finally:
            self.noting = False

    def __enter__(self) -> Self:
        self.catch()
        return self

    def __exit__(self, *_: object) -> None:
        for signum, handler in self.before.items():
            signal.signal(signum, handler)


def stopping(signals: Signals, *paths: str) -> AbstractContextManager[Callable[[], None]]:
    """Returns signals.noted(), unless the job reads or writes a stream: it can wait there for ever
    without a call of check(), so a signal raises Stopped at once."""
    return nullcontext(lambda: None) if STREAM in paths else signals.noted()
