"""Parts that the subcommands share: argument types, options of a figure, the exit status."""

import argparse
import difflib
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from .plots.figures import FORMATS, format_of

Commands: TypeAlias = "argparse._SubParsersAction[Any]"

STATUS = (
    "exit status: 0 success, 2 refused or failed (a line on stderr gives the reason), 130 Ctrl-C"
)


def one_of(kind: str, names: Sequence[str]) -> Callable[[str], str]:
    """Returns the argparse type of an argument that must be one of the names."""

    def check(name: str) -> str:
        if name in names:
            return name
        close = difflib.get_close_matches(name.lower(), names, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        known = ", ".join(names)
        raise argparse.ArgumentTypeError(f"unknown {kind} {name!r}: {hint}allowed are {known}")

    return check


def names_of(kind: str, names: Sequence[str]) -> Callable[[str], list[str]]:
    """Returns the argparse type of an argument that lists some of the names, with commas."""
    one = one_of(kind, names)

    def check(text: str) -> list[str]:
        return list(dict.fromkeys(map(one, text.split(","))))

    return check


def at_least(least: int, most: int | None = None) -> Callable[[str], int]:
    """Returns the argparse type of an integer that must be at least `least`, and at most `most`."""

    def check(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"must be an integer, not {text!r}") from None
        if number < least or (most is not None and number > most):
            allowed = f"at least {least}" if most is None else f"{least} to {most}"
            raise argparse.ArgumentTypeError(f"must be {allowed}, not {number}")
        return number

    return check


def positive(text: str) -> float:
    """Returns the finite number above 0 that the text of an argument gives."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number, not {text!r}") from None
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"must be a finite number above 0, not {text}")
    return number


def add_bfloat16(command: argparse.ArgumentParser) -> None:
    """Adds the option that reads the numbers as bfloat16."""
    command.add_argument(
        "--bfloat16",
        action="store_true",
        help="read the numbers as bfloat16 (np.save does not store the name of this dtype)",
    )


def add_output(command: argparse.ArgumentParser, required: bool) -> None:
    """Adds the options that name the file of a figure."""
    command.add_argument(
        "-o",
        "--output",
        metavar="FIGURE",
        type=figure_name,
        required=required,
        help=f"the file to draw; its name must end in .{', .'.join(FORMATS)}",
    )
    command.add_argument("--force", action="store_true", help="replace FIGURE if it exists")


def figure_name(name: str) -> str:
    """Returns the file name of a figure, after checking how it ends."""
    if format_of(name) not in FORMATS:
        raise argparse.ArgumentTypeError(
            f"{name!r}: the name of a figure must end in .{', .'.join(FORMATS)}"
        )
    return name
