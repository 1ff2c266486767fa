"""What a worker does: it makes the result of one part.

A task may run twice, even at the same time: a worker that was cut off, and that Dask takes for
dead, goes on. So a task writes a file of its own, which it renames when it is whole. Both files
have the same bits, and it does not matter which of the two is renamed last.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ... import __version__
from ..._core.threads import get_num_threads, set_num_threads
from ..apply import apply_file
from ..errors import Refused
from ..leftovers import removed_leftovers
from . import records


class Outcome(NamedTuple):
    """What became of a part: "made", "kept" from an earlier run, or "failed". A job cannot go on
    after "impossible". The text is a line for the user."""

    kind: str
    text: str = ""


class Dropped(BaseException):
    """Nobody waits for this task any more. This is not an Exception, so that no `except Exception`
    of a format catches it."""


def compute_part(source: str, target: str, job: records.Job, threads: int) -> Outcome:
    """Makes a result unless it is there and whole; this is the task of Dask."""
    if job["version"] != __version__:
        return Outcome(
            "impossible",
            f"{where()} has gelu_fast {__version__}, and this command {job['version']}: all workers"
            " need the same version",
        )
    folder = os.path.dirname(target)
    try:
        with (
            limited_threads(threads) as number,
            removed_leftovers(folder, os.path.dirname(records.job_path(folder))),
        ):
            return compute(source, target, job, number)
    except Dropped:
        return Outcome("dropped")
    except Refused as refusal:
        return Outcome("failed", str(refusal))
    except Exception as error:  # not every exception can travel to the client
        return Outcome("failed", f"{source!r}: {type(error).__name__}: {error}")


def compute(source: str, target: str, job: records.Job, threads: int) -> Outcome:
    folder = os.path.dirname(target)
    if records.read(records.job_path(folder)) != job:
        return Outcome(
            "impossible",
            f"{where()} does not see this job in the folder {folder!r}: all workers need the same"
            " file system, under the same names",
        )
    before = records.input_state(source)
    if records.is_whole(source, before, target):
        return Outcome("kept")

    def progress(done: int, total: int) -> None:
        if is_dropped():
            raise Dropped
        if done < total:
            return
        if records.input_state(source) != before:
            raise Refused(f"{source!r}: changed while it was read")
        if records.read(records.job_path(folder)) != job:  # the folder is that of another job now
            raise Dropped

    try:
        apply_file(
            source,
            target,
            job["function"],
            force=True,  # the command has checked what was there
            threads=threads,
            progress=progress,
            **job["options"],
        )
    except Refused:
        if records.is_whole(source, before, target):  # another task was faster
            return Outcome("kept")
        raise
    records.store(source, before, target)
    return Outcome("made")


# ---- The worker


def where() -> str:
    """Returns the words that name this worker."""
    worker = this_worker()
    return "this computer" if worker is None else f"the worker {worker.address}"


def this_worker() -> Any:
    """Returns the worker of Dask that runs this task, or None."""
    from distributed import get_worker

    try:
        return get_worker()
    except ValueError:
        return None


def is_dropped() -> bool:
    """Whether the task was cancelled, or the worker stops: then nobody waits for the result.

    Dask cannot stop a thread, so the task asks. What the worker knows costs no message."""
    from distributed.worker import thread_state

    worker = this_worker()
    if worker is None:
        return False
    task = worker.state.tasks.get(getattr(thread_state, "key", None))
    stopping = worker.status.name in ("closing", "closed", "failed", "stopping", "stopped")
    return stopping or (task is not None and task.state in ("cancelled", "forgotten"))


@contextmanager
def limited_threads(wanted: int) -> Iterator[int]:
    """Yields how many threads a call has in the block: those that are wanted, but for all tasks of
    this worker together not more than it has processors. The number is a setting of the process:
    the first task sets it, and the last one restores it."""
    from dask.system import CPU_COUNT

    worker = this_worker()
    share = CPU_COUNT if worker is None else CPU_COUNT // worker.state.nthreads
    number = max(1, min(wanted, share))
    with LOCK:
        RUNNING.append(get_num_threads())
        set_num_threads(number)
    try:
        yield number
    finally:
        with LOCK:
            if len(RUNNING) == 1:
                set_num_threads(RUNNING[0])
            RUNNING.pop()


LOCK = threading.Lock()
RUNNING: list[int] = []  # for each task that runs, how many threads calls had when it began


async def become_idle(dask_worker: Any = None) -> None:
    """Waits until this process runs no task."""
    import asyncio

    while RUNNING:
        await asyncio.sleep(0.01)
