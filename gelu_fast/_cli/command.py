"""The command gelu-fast: its subcommands, and how errors and signals end it."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from .. import __version__
from .._files.errors import Refused
from . import apply, compare, info, plot, selfcheck
from .arguments import STATUS
from .signals import Signals, Stopped

DESCRIPTION = "Exact, fast GELU-family functions on arrays."


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command inside a process that goes on, and returns its exit status."""
    with Signals() as signals:
        return run_command(signals, argv)


def run_command(signals: Signals, argv: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    try:
        try:
            args = parser().parse_args(argv)
            status: int = args.run(args, signals)
            return status
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except Refused as refusal:
        return complain(str(refusal), 2)
    except Stopped as stop:
        return complain(f"stopped by {stop.signal.name}", stop.status)
    except BrokenPipeError:  # the reader, such as `head`, has all it wants
        discard_stdout()
        return 128 + 13  # as if stopped by SIGPIPE, like other commands
    except OSError as error:  # standard output on a full disk
        discard_stdout()
        return complain(f"standard output: {error.strerror or error}", 2)


def complain(message: str, status: int) -> int:
    if sys.stderr:
        print(f"gelu-fast: {message}", file=sys.stderr)
    return status


def discard_stdout() -> None:
    """What could not be written must not be tried again, noisily, when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---- Arguments


class Parser(argparse.ArgumentParser):
    """Reports a usage error in one line."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message} (see {self.prog} --help)", 2)
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    top = Parser("gelu-fast", description=DESCRIPTION, epilog=STATUS, allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"gelu_fast {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for module in info, apply, compare, plot, selfcheck:
        module.add_to(commands)
    return top
