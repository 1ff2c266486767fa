"""Work in other processes, for a caller who may give up at any time."""

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

AHEAD = 4  # items per process that are handed out before they are asked for


def in_processes(
    work: Callable[[Item], Result], items: Iterable[Item], jobs: int
) -> Generator[Result, None, None]:
    """Like map(work, items), in `jobs` processes; in this one, if that is 1."""
    if jobs == 1:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("spawn")  # as safe in a process that has threads
    pool = ProcessPoolExecutor(jobs, context, initializer=follow_parent)
    items = iter(items)
    pending: deque[Future[Result]] = deque()
    try:
        while True:
            with interrupts_held_back():  # new items start new processes
                for item in islice(items, AHEAD * jobs - len(pending)):
                    pending.append(pool.submit(work, item))
            if not pending:
                return
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Ctrl-C waits; in a process started meanwhile for ever, so it never dies of that noisily."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_parent() -> None:
    """In a new process: Ctrl-C is for the parent to deal with, and without it nothing is to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def leave() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
