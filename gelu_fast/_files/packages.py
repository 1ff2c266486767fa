"""The packages that read files of other formats than NumPy's. They are optional."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import Refused


@contextmanager
def needing(path: str, package: str) -> Iterator[None]:
    """Refuses the file if the block cannot import the package. A broken installation raises almost
    any exception, and zarr imports CuPy, which raises an OSError if its cache cannot be written."""
    try:
        yield
    except ImportError as error:
        raise Refused(
            f"{path!r}: files of this format need the package {package}: install it, or the extra"
            f" gelu_fast[files] ({first_line(error)})"
        ) from error
    except Exception as error:
        raise Refused(
            f"{path!r}: files of this format need the package {package}, whose import fails:"
            f" {type(error).__name__}: {first_line(error)}"
        ) from error


@contextmanager
def reading(path: str, what: str) -> Iterator[None]:
    """Refuses the file if its package raises an exception in the block, which can be almost any for
    a damaged file. `what` is what the file should be, such as "a Parquet file"."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise Refused(f"{path!r}: not {what} that can be read: {first_line(error)}") from error


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Refuses what a package cannot write in the block, such as numbers of a new dtype with the
    filters of the old one. What the system refuses stays an OSError."""
    try:
        yield
    except (OSError, Refused):
        raise
    except Exception as error:
        raise Refused(f"{path!r}: the results cannot be written: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
