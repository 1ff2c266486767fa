"""What a long job draws on its terminal."""

import sys
from contextlib import contextmanager, suppress

BYTES = {"unit": "B", "unit_scale": True, "unit_divisor": 1024}


@contextmanager
def progress_bar(**options):
    """Yields show(done, total): a bar if there is a terminal to draw it on, and tqdm to do it.

    `options` are those of tqdm."""
    tqdm = None
    if sys.stderr and sys.stderr.isatty():
        with suppress(ImportError):
            from tqdm import tqdm
    if tqdm is None:
        yield lambda done, total: None
        return
    with tqdm(**options) as bar:

        def show(done, total):
            bar.total = total
            bar.update(done - bar.n)

        yield show
