"""What a job on a file is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import Refused

Progress = Callable[[int, int], None]
# Writes the results to an open file, or into a folder.
Write = Callable[[Any, Progress], None]


def no_progress(done: int, total: int) -> None:
    pass


@dataclass(frozen=True)
class Job:
    source: str
    function: np.ufunc
    names: tuple[str, ...] | None = None  # patterns
    bfloat16: bool = False
    threads: int = 1


def check_no_bfloat16(job: Job) -> None:
    """Refuses the option for a format that has names for dtypes."""
    if job.bfloat16:
        raise Refused(
            f"{job.source!r}: --bfloat16 is for .npy, .npz and .zarr: this format stores the"
            " names of dtypes"
        )


class Steps:
    """Counts what is done of `total` bytes, and reports it before each step."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0
        progress(0, total)

    def add(self, size: int) -> None:
        self.done = min(self.done + size, self.total)
        self.progress(self.done, self.total)

    def finish(self) -> None:
        self.progress(self.total, self.total)
