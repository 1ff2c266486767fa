"""The exception that jobs on files raise, with one line for the user."""

from collections.abc import Iterator
from contextlib import contextmanager


class Refused(Exception):
    """The job cannot be done. The message is one line for the user."""


@contextmanager
def blaming(path: str) -> Iterator[None]:
    """Turns an OSError in the block into a Refused that names the file."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{path!r}: {error.strerror or error}") from error
