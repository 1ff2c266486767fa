"""Settings of the C core during a `with` block."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Value = TypeVar("Value")


@contextmanager
def setting(
    read: Callable[[], Value], write: Callable[[Value], None], value: Value
) -> Iterator[None]:
    """Writes a value, and after the `with` block the former one. All threads see it."""
    before = read()
    write(value)
    try:
        yield
    finally:
        write(before)
