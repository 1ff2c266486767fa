"""Parts that the subcommands share: types of arguments, the figure to draw, the exit status."""

import argparse
import difflib
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from .._plots.figures import FORMATS, format_of

Commands: TypeAlias = "argparse._SubParsersAction[Any]"

STATUS = "exit status: 0 done, 2 refused or failed (one line on stderr says why), 130 Ctrl-C"


def one_of(kind: str, names: Sequence[str]) -> Callable[[str], str]:
    """The type of an argument that is one of some names."""

    def check(name: str) -> str:
        if name in names:
            return name
        close = difflib.get_close_matches(name.lower(), names, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        known = ", ".join(names)
        raise argparse.ArgumentTypeError(f"unknown {kind} {name!r}: {hint}there are {known}")

    return check


def names_of(kind: str, names: Sequence[str]) -> Callable[[str], list[str]]:
    """The type of an argument that is a list of some names, with commas between them."""
    one = one_of(kind, names)

    def check(text: str) -> list[str]:
        return list(dict.fromkeys(map(one, text.split(","))))

    return check


def at_least(least: int) -> Callable[[str], int]:
    """The type of an integer argument."""

    def check(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"not an integer: {text!r}") from None
        if number < least:
            raise argparse.ArgumentTypeError(f"{number} is less than {least}, the least allowed")
        return number

    return check


def positive(text: str) -> float:
    """The type of a number above 0."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a number: {text!r}") from None
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a finite number above 0")
    return number


def add_output(command: argparse.ArgumentParser, required: bool) -> None:
    """Adds the arguments that say where the figure goes."""
    command.add_argument(
        "-o",
        "--output",
        metavar="FIGURE",
        type=figure_name,
        required=required,
        help=f"the file to draw: its name ends in .{', .'.join(FORMATS)}",
    )
    command.add_argument("--force", action="store_true", help="replace FIGURE if it exists")


def figure_name(name: str) -> str:
    """The type of an argument that names a figure."""
    if format_of(name) not in FORMATS:
        raise argparse.ArgumentTypeError(
            f"{name!r}: the name of a figure ends in .{', .'.join(FORMATS)}"
        )
    return name
