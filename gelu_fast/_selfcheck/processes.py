"""Runs work in other processes; the caller may stop at any time."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4  # items per process that are submitted in advance


def in_processes(
    work: Callable[[Item], Result], items: Iterable[Item], jobs: int
) -> Generator[Result, None, None]:
    """Yields the same results as map(work, items), computed in `jobs` processes. If `jobs` is 1,
    this process computes them."""
    if jobs == 1:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("spawn")  # fork is not safe in a process with threads
    pool = ProcessPoolExecutor(jobs, context, initializer=follow_parent)
    items = iter(items)
    pending: deque[Future[Result]] = deque()
    try:
        while True:
            with interrupts_held_back():  # submit can start new processes
                for item in islice(items, AHEAD * jobs - len(pending)):
                    pending.append(pool.submit(work, item))
            if not pending:
                return
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Blocks SIGINT inside the block. A process that starts there inherits the blocked signal, so
    Ctrl-C does not kill it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_parent() -> None:
    """Initializes a new process: it ignores Ctrl-C, which the parent handles, and it exits when the
    parent exits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def leave() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
