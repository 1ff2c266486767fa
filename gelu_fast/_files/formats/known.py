"""The formats. The module of a format has the endings of names, what such a file is called, and
`opened(job)`, which checks the input and yields the function that writes the output."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from ..errors import Refused
from ..job import Job, Write
from ..streams import STREAM
from . import arrow, npy, npz, parquet, safetensors, zarr


class Format(Protocol):
    @property
    def ENDINGS(self) -> tuple[str, ...]: ...
    @property
    def KIND(self) -> str: ...

    def opened(self, job: Job) -> AbstractContextManager[Write]: ...


FORMATS: tuple[Format, ...] = (npy, npz, parquet, arrow, safetensors, zarr)
ENDINGS = tuple(ending for one in FORMATS for ending in one.ENDINGS)


def ending_of(path: str) -> str | None:
    """The known ending of a name."""
    name = path.rstrip("/").lower()
    return next((ending for ending in ENDINGS if name.endswith(ending)), None)


def of(path: str) -> Format:
    """The format that the name says: .npy for standard input and for names with other endings."""
    ending = ending_of(path)
    return next((one for one in FORMATS if ending in one.ENDINGS), npy)


def check_same(source: str, target: str) -> None:
    """Refuses a target whose name says another format than that of the source."""
    one = of(source)
    if target == STREAM and one is not npy:
        raise Refused(f"{target!r}: standard output takes .npy files, and {source!r} is {one.KIND}")
    if ending_of(target) and of(target) is not one:
        raise Refused(
            f"{target!r}: would be {one.KIND}, as {source!r} is: formats are not converted, so its"
            f" name must end in {' or '.join(one.ENDINGS)}"
        )
