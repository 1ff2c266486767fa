"""The one error that jobs on files report: a line for the user."""

from collections.abc import Iterator
from contextlib import contextmanager


class Refused(Exception):
    """The job cannot be done; the message is one line for the user."""


@contextmanager
def blaming(path: str) -> Iterator[None]:
    """Turns the operating system's errors into a refusal that names the file."""
    try:
        yield
    except OSError as error:
        raise Refused(f"{path!r}: {error.strerror or error}") from error
