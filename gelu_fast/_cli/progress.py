"""The progress bar of a long job."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

BYTES: dict[str, Any] = {"unit": "B", "unit_scale": True, "unit_divisor": 1024}


@contextmanager
def progress_bar(**options: Any) -> Iterator[Callable[[int, int], None]]:
    """Yields show(done, total), which draws a bar if stderr is a terminal and tqdm is installed.

    `options` are keyword arguments of tqdm."""
    tqdm = import_tqdm() if sys.stderr and sys.stderr.isatty() else None
    if tqdm is None:
        yield lambda done, total: None
        return
    with tqdm(**options) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield show


def import_tqdm() -> Any:
    """Returns the class tqdm, or None if tqdm is not installed or is broken."""
    try:
        from tqdm import tqdm
    except Exception:
        return None
    return tqdm
