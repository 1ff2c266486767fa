"""Runs the command gelu-fast as a process; python -m gelu_fast does the same."""

import sys
from typing import NoReturn

from ._cli.command import run_command
from ._cli.signals import Signals, Stopped


def run() -> NoReturn:
    signals = Signals()
    try:
        try:
            signals.catch()
            status = run_command(signals)
        finally:
            signals.ignore()
    except Stopped as stop:  # the signal came just before or after the command itself
        signals.ignore()
        status = stop.status
    sys.exit(status)


if __name__ == "__main__":
    run()
