"""Computes the parts of a job on the workers of Dask, and collects what became of them."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import signal
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any

from ... import __version__
from ..errors import Refused
from ..packages import first_line
from .parts import Part
from .records import Job
from .task import Outcome, become_idle, compute_part

CONNECT = 10  # seconds, as long as a scheduler may take to answer
STOP = 10  # seconds, as long as workers may take to stop
# So many tasks are at the scheduler: enough for some thousand workers, and a list of parts of any
# length costs the scheduler no memory.
WINDOW = 4096


def compute_parts(
    parts: Sequence[Part],
    job: Job,
    *,
    scheduler: str | None,
    workers: int | None,
    threads: int,
    progress: Callable[[int, int], None],
    say: Callable[[str], object],
) -> list[tuple[Part, Outcome]]:
    """Returns what became of each part. Raises Refused if the job cannot go on.

    It computes on the workers of `scheduler`, or on a cluster of this computer with so many
    `workers`, by default one for each processor. It often calls `progress(done, total)`, which
    stops the job by an exception. `say` tells the user a line that is no error.
    """
    with quiet():
        return asyncio.run(
            compute(parts, job, scheduler, workers, threads, progress, say), debug=False
        )


def import_distributed() -> None:
    try:
        from distributed import Client, LocalCluster  # noqa: F401
    except ImportError as error:
        raise Refused(
            "a job of several parts needs dask and distributed, which"
            f" `pip install 'gelu_fast[dask]'` installs ({error})"
        ) from error
    except Exception as error:  # a broken installation
        raise Refused(
            "a job of several parts needs dask and distributed, whose import fails:"
            f" {type(error).__name__}: {first_line(error)}"
        ) from error


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps what Dask logs off stderr: what matters to the user is in the lines of this command."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


async def compute(
    parts: Sequence[Part],
    job: Job,
    scheduler: str | None,
    workers: int | None,
    threads: int,
    progress: Callable[[int, int], None],
    say: Callable[[str], object],
) -> list[tuple[Part, Outcome]]:
    outcomes: list[tuple[Part, Outcome]] = []
    landed: asyncio.Queue[tuple[Part, Any]] = asyncio.Queue()
    waiting = list(reversed(parts))
    flying: dict[Any, Any] = {}  # {future of Dask: the task of this loop that waits for it}

    async def follow(part: Part, future: Any) -> None:
        try:
            result = Outcome(*await future)
        except BaseException as error:
            landed.put_nowait((part, error))
        else:
            landed.put_nowait((part, result))
        flying.pop(future, None)

    async with connected(scheduler, workers, threads, len(parts), say) as (client, threads):
        try:
            while len(outcomes) < len(parts):
                if waiting and len(flying) <= WINDOW // 2:
                    batch = [waiting.pop() for _ in range(min(len(waiting), WINDOW - len(flying)))]
                    futures = client.map(
                        eval,
                        [call(compute_part, *part, job, threads) for part in batch],
                        key="gelu_fast",
                        pure=False,  # a result may be gone since an earlier run
                    )
                    for part, future in zip(batch, futures, strict=True):
                        flying[future] = asyncio.create_task(follow(part, future))
                    del futures
                progress(len(outcomes), len(parts))
                with suppress(asyncio.TimeoutError):
                    part, result = await asyncio.wait_for(landed.get(), 0.1)
                    outcome = understood(part, result, client, scheduler)
                    if outcome.kind == "dropped":
                        waiting.append(part)
                    else:
                        outcomes.append((part, outcome))
            progress(len(outcomes), len(parts))
        except BaseException:
            await stop(client, flying)
            raise
    return outcomes


def call(function: Callable[..., Any], *arguments: Any) -> str:
    """Returns an expression that calls a function of a module. A function would arrive as its name,
    and Dask ends a worker that cannot import it; an expression only raises ImportError there."""
    module = f"__import__({function.__module__!r}, fromlist=['*'])"
    return f"tuple({module}.{function.__name__}(*{arguments!r}))"


def understood(part: Part, result: Any, client: Any, scheduler: str | None) -> Outcome:
    """Returns what became of a part, or raises Refused if the job cannot go on."""
    from distributed import KilledWorker

    if isinstance(result, Outcome):
        if result.kind == "impossible":
            raise Refused(result.text)
        return result
    if isinstance(result, KilledWorker):
        return Outcome("failed", f"{part.source!r}: each worker that computed this part died")
    if isinstance(result, asyncio.CancelledError | concurrent.futures.CancelledError):
        raise Refused(
            f"{scheduler or 'the local cluster'}: the connection to the scheduler is lost: the"
            " results in the folder are whole, and the same command goes on with the others"
        )
    if isinstance(result, ImportError):  # the worker cannot load the task
        raise Refused(f"a worker has no gelu_fast {__version__}, as this command has: {result}")
    if isinstance(result, Exception):
        return Outcome("failed", f"{part.source!r}: {type(result).__name__}: {result}")
    raise result


async def stop(client: Any, flying: dict[Any, Any]) -> None:
    """Cancels the tasks, and waits until the workers have stopped those that they had begun."""
    followers = list(flying.values())
    if client.status == "running":  # otherwise the scheduler is gone, and workers stop without it
        with suppress(Exception):
            async with asyncio.timeout(STOP):
                await client.cancel(list(flying), force=True)
                await client.run(become_idle, on_error="ignore")
    for follower in followers:
        follower.cancel()


# ---- The cluster


@asynccontextmanager
async def connected(
    scheduler: str | None,
    workers: int | None,
    threads: int,
    parts: int,
    say: Callable[[str], object],
) -> AsyncIterator[tuple[Any, int]]:
    """Yields the client of a scheduler, and how many threads a call may have."""
    from dask.system import CPU_COUNT
    from distributed import Client

    if scheduler is not None:
        client = Client(scheduler, timeout=CONNECT, asynchronous=True, set_as_default=False)
        try:
            await client
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            await client.close()
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise Refused(
                f"{scheduler}: no scheduler of Dask answers within {CONNECT} s: {reason}"
            ) from error
        async with client:
            if not await client.nthreads():
                say(f"{scheduler} has no workers yet; the job waits for them")
            yield client, threads
        return
    number = min(workers or max(1, CPU_COUNT // threads), parts)
    async with (
        local_cluster(number) as cluster,
        Client(cluster, timeout=CONNECT, asynchronous=True, set_as_default=False) as client,
    ):
        yield client, max(1, min(threads, CPU_COUNT // number))


@asynccontextmanager
async def local_cluster(workers: int) -> AsyncIterator[Any]:
    """Yields a cluster of processes of one thread each, for the time of the block."""
    from distributed import LocalCluster

    with own_signals():
        cluster = await LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
            memory_limit=None,  # a task needs little, and Dask would restart workers
            asynchronous=True,
        )
    async with cluster:
        yield cluster


@contextmanager
def own_signals() -> Iterator[None]:
    """Keeps the signals of the terminal from processes that start in the block. Ctrl-C reaches all
    processes of a command, but this one tells the workers when to stop."""
    signals = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    if (
        not hasattr(signal, "pthread_sigmask")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    resource_tracker.ensure_running()  # its start unblocks them
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
