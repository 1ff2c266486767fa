"""Applies a ufunc to a file or a store of any format: memory use is bounded, and the output appears
only when it is complete."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import nullcontext

import numpy as np

from .._core._ufuncs import ufuncs
from .._core.threads import get_num_threads, num_threads
from .formats import known, zarr
from .job import Job, Progress, no_progress
from .new_file import free_target, new_file
from .new_folder import free_folder, new_folder
from .streams import STREAM, standard_output


def apply_file(
    source: str,
    target: str,
    function: np.ufunc | str,
    *,
    names: Sequence[str] | None = None,
    force: bool = False,
    bfloat16: bool = False,
    threads: int | None = None,
    progress: Progress = no_progress,
) -> None:
    """Writes function(numbers in source) to target, in the format of the source, which the end of
    its name says. "-" is an .npy file on standard input or standard output.

    `function` is a ufunc of one input and one result, or the name of one of the table. `names` are
    shell patterns: the columns, tensors or arrays whose names match one of them are computed, by
    default all of floats; the others are copied. Only `force` replaces an existing target. With
    `bfloat16`, numbers have the dtype as which np.save stores bfloat16, and so do the results.
    `threads` is the number of threads for the time of the job, by default that of the process.

    The formats read, compute and write in pieces. They use plain reads instead of memory maps where
    they can, for two reasons: mapped pages count as resident memory, and a file that shrinks or a
    disk that fails meanwhile raises an error instead of a fatal signal.

    It calls `progress(done, total)`, in bytes of input, before each piece and before the finished
    file gets its name. An exception from `progress` stops the job. What cannot be done raises
    Refused, with one line for the user. Only the number of threads is a setting of the process, so
    several threads or processes may run jobs at the same time.
    """
    found = ufuncs()[function] if isinstance(function, str) else function
    module = known.of(source)
    known.check_same(source, target)
    patterns = tuple(names) if names is not None else None
    with nullcontext() if threads is None else num_threads(threads):
        job = Job(source, found, patterns, bfloat16, get_num_threads())
        if module is zarr:
            apply_to_folder(job, target, force, progress)
        else:
            apply_to_file(job, module, target, force, progress)


def apply_to_file(
    job: Job, module: known.Format, target: str, force: bool, progress: Progress
) -> None:
    to_stream = target == STREAM
    path = target if to_stream else free_target(job.source, target, force)
    with (
        module.opened(job) as write,
        nullcontext(standard_output()) if to_stream else new_file(path, force) as output,
    ):
        write(output, progress)
        output.flush()
        if not to_stream:
            os.fsync(output.fileno())  # some file systems report a full disk no earlier


def apply_to_folder(job: Job, target: str, force: bool, progress: Progress) -> None:
    path = free_folder(job.source, target, force, zarr.is_store)
    with zarr.opened(job) as write, new_folder(path, force) as folder:
        write(folder, progress)
