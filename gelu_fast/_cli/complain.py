"""Lines on stderr that say why the command fails."""

import os
import sys
from typing import TextIO


def complain(message: str, status: int) -> int:
    """Writes a line to stderr, and returns the status even if stderr is closed or full."""
    if sys.stderr:
        try:
            print(f"gelu-fast: {message}", file=sys.stderr, flush=True)
        except OSError:
            discard(sys.stderr)
    return status


def discard(stream: TextIO) -> None:
    """Discards the output that could not be written. Otherwise Python tries again when it exits,
    and changes the exit status."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
