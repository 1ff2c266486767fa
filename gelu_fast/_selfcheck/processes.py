"""Work in other processes, for a caller who may give up at any time."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice

AHEAD = 4  # items per process that are handed out before they are asked for


def in_processes(work, items, jobs):
    """Like map(work, items), in `jobs` processes; in this one, if that is 1."""
    if jobs == 1:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("spawn")  # as safe in a process that has threads
    pool = ProcessPoolExecutor(jobs, context, initializer=follow_parent)
    items = iter(items)
    pending = deque()
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
def interrupts_held_back():
    """Ctrl-C waits; in a process started meanwhile for ever, so it never dies of that noisily."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow_parent():
    """In a new process: Ctrl-C is for the parent to deal with, and without it nothing is to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def leave():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
