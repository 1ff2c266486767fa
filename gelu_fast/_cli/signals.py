"""The signals that ask a command for an end: the first one counts, those after it do nothing."""

import signal
import threading
from contextlib import contextmanager

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """A signal asked for an end. Not an Exception: nothing on its way should swallow it."""

    def __init__(self, signum):
        self.signal = signal.Signals(signum)
        self.status = 128 + signum


class Signals:
    """Raises Stopped at the first signal; inside `noted`, only where the job looks for one.

    As a context manager it gives the handlers back at the end. A process of its own calls `catch`
    and, as the last thing that it does, `ignore`: Python's own shutdown puts back the default
    handlers, and one more signal would then change the exit status.
    """

    def __init__(self):
        self.first = None
        self.noting = False
        self.before = {}

    def catch(self):
        if threading.current_thread() is not threading.main_thread():
            return  # Python calls handlers in the main thread only
        for signum in (getattr(signal, name) for name in NAMES if hasattr(signal, name)):
            if signal.getsignal(signum) not in (signal.SIG_IGN, None):  # nohup wants it ignored
                self.before[signum] = signal.signal(signum, self.handler)

    def handler(self, signum, frame):
        if self.first is None:
            self.first = signum
            if not self.noting:
                raise Stopped(signum)

    def ignore(self):
        self.noting = True  # too late to raise
        for signum in self.before:
            signal.signal(signum, signal.SIG_IGN)

    @contextmanager
    def noted(self):
        """Yields check(), which raises Stopped once a signal has asked for an end.

        The signal itself only leaves a note, to be read between two chunks: nothing is ever
        interrupted halfway, so the clean-up cannot be either.
        """

        def check():
            if self.first is not None:
                raise Stopped(self.first)

        self.noting = True
        try:
            yield check
        finally:
            self.noting = False

    def __enter__(self):
        self.catch()
        return self

    def __exit__(self, *_):
        for signum, handler in self.before.items():
            signal.signal(signum, handler)
