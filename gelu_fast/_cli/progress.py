"""What a long job draws on its terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

BYTES: dict[str, Any] = {"unit": "B", "unit_scale": True, "unit_divisor": 1024}


@contextmanager
def progress_bar(**options: Any) -> Iterator[Callable[[int, int], None]]:
    """Yields show(done, total): a bar if there is a terminal to draw it on, and tqdm to do it.

    `options` are those of tqdm."""
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
    """The class, or None where it is not installed."""
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm
