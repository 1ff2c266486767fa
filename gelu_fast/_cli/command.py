"""The command gelu-fast: its subcommands, and how errors and signals end it."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from .. import __version__
from .._files.errors import Refused
from . import apply, compare, info, onnx, plot, selfcheck
from .arguments import STATUS
from .complain import complain, discard
from .signals import Signals, Stopped

DESCRIPTION = "Computes, measures, compares and draws the activation functions of gelu_fast."


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status, for a process that continues afterwards."""
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
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        discard(sys.stdout)
        return 128 + 13  # the status of a command that SIGPIPE (13) kills
    except OSError as error:  # standard output cannot be written, for example on a full disk
        discard(sys.stdout)
        return complain(f"standard output: {error.strerror or error}", 2)


# ---- Arguments


class Parser(argparse.ArgumentParser):
    """An argument parser that reports a usage error in one line."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message} (see {self.prog} --help)", 2)
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    top = Parser("gelu-fast", description=DESCRIPTION, epilog=STATUS, allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"gelu_fast {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for module in info, apply, compare, plot, selfcheck, onnx:
        module.add_to(commands)
    return top
