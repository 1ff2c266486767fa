"""What a long job shares with its terminal: the signals that end it and a progress bar."""

import signal
import sys
import threading
from contextlib import contextmanager, suppress


class Stopped(Exception):
    """A signal asked for an end."""

    def __init__(self, signum):
        self.signal = signal.Signals(signum)


@contextmanager
def noted_signals():
    """Yields check(), which raises Stopped once a signal has asked for an end.

    The signal itself only leaves a note, to be read between two chunks: nothing is ever
    interrupted halfway, so the clean-up cannot be either.
    """
    noted = []

    def check():
        if noted:
            raise Stopped(noted[0])

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    before = {}
    if threading.current_thread() is threading.main_thread():
        for signum in (getattr(signal, name) for name in names if hasattr(signal, name)):
            if signal.getsignal(signum) not in (signal.SIG_IGN, None):  # nohup wants it ignored
                before[signum] = signal.signal(signum, lambda signum, _: noted.append(signum))
    try:
        yield check
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


@contextmanager
def progress_bar():
    """Yields show(done, total): a bar if there is a terminal to draw it on, and tqdm to do it."""
    tqdm = None
    if sys.stderr and sys.stderr.isatty():
        with suppress(ImportError):
            from tqdm import tqdm
    if tqdm is None:
        yield lambda done, total: None
        return
    with tqdm(unit="B", unit_scale=True, unit_divisor=1024) as bar:

        def show(done, total):
            bar.total = total
            bar.update(done - bar.n)

        yield show
