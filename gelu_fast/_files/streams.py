"""Standard input and standard output, which have the name "-" in the command."""

import sys
from io import BufferedReader, BufferedWriter
from typing import TextIO, cast

from .errors import Refused

STREAM = "-"


def standard_input() -> BufferedReader:
    return cast(BufferedReader, opened(sys.stdin, "input").buffer)


def standard_output() -> BufferedWriter:
    output = opened(sys.stdout, "output")
    if output.isatty():
        raise Refused(f"{STREAM!r}: is a terminal, and an .npy file is not text")
    return cast(BufferedWriter, output.buffer)


def opened(stream: TextIO | None, what: str) -> TextIO:
    if stream is None:  # Python starts so if the stream is closed
        raise Refused(f"{STREAM!r}: standard {what} is closed")
    return stream
