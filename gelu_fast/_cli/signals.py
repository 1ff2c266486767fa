"""The signals that ask a command for an end: the first one counts, those after it do nothing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Self

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """A signal asked for an end. Not an Exception: nothing on its way should swallow it."""

    def __init__(self, signum: int) -> None:
        self.signal = signal.Signals(signum)
        self.status = 128 + signum


class Signals:
    """Raises Stopped at the first signal; inside `noted`, only where the job looks for one.

    As a context manager it gives the handlers back at the end. A process of its own calls `catch`
    and, as the last thing that it does, `ignore`: Python's own shutdown puts back the default
    handlers, and one more signal would then change the exit status.
    """

    def __init__(self) -> None:
        self.first: int | None = None
        self.noting = False
        self.before: dict[int, Any] = {}  # handlers

    def catch(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # Python calls handlers in the main thread only
        for signum in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
            if signal.getsignal(signum) not in (signal.SIG_IGN, None):  # nohup wants it ignored
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
        """Yields check(), which raises Stopped once a signal has asked for an end.

        The signal itself only leaves a note, to be read between two chunks: nothing is ever
        interrupted halfway, so the clean-up cannot be either.
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
