"""gelu-fast compare: statistics of activation functions on the user's own numbers."""

import argparse
import csv
import json
import math
import sys
from collections.abc import Iterator
from typing import Any

from .. import __version__
from .._core.dispatch import isa
from .._core.table import main_functions, unary_functions
from .arguments import Commands, add_bfloat16, add_output, names_of, positive
from .comparison.comparison import Comparison, Outcome, compare_file, percent
from .comparison.timing import RUNS
from .plots.figures import FigureFile
from .progress import BYTES, progress_bar
from .signals import Signals, stopping

DESCRIPTION = """\
Prints a table of the results of activation functions on the numbers in IN.npy, and draws it with
-o. The functions compute in the dtype of the file (float16, float32 or float64; integers and bool
become floats). The file can have any size, because memory use does not grow with it. NaN and
infinities are counted, and everything else uses the finite numbers only.

  zero        share of results that are exactly 0
  |y|<SMALL   share of results with an absolute value below SMALL, including 0
  |f'|<DEAD   share of numbers where the derivative has an absolute value below DEAD, so that
              training hardly changes anything there
  saturated   share of numbers where the function is constant as far as the dtype can tell: there
              and farther out, the result differs from a finite limit L of the function by at most
              half an epsilon of the dtype, times max(1, |L|)
  for x       the numbers x where this is so
  mean, std   mean and standard deviation of the results
  ns          time per result in nanoseconds, on this computer, in one thread, with the data in the
              cache; the median of {} runs
"""


def add_to(commands: Commands) -> None:
    """Adds this subcommand to the command gelu-fast."""
    command = commands.add_parser(
        "compare",
        help="compare activation functions on the numbers in an .npy file",
        description=DESCRIPTION.format(RUNS),
        epilog=f"functions: {', '.join(unary_functions())}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument(
        "input", metavar="IN.npy", help="the file to read, or - for standard input"
    )
    command.add_argument(
        "--functions",
        metavar="NAMES",
        type=names_of("function", unary_functions()),
        default=main_functions(),
        help=f"functions of the list below, with commas ({','.join(main_functions())})",
    )
    command.add_argument(
        "--small", metavar="SMALL", type=positive, default=1e-3, help="bound for |y| (0.001)"
    )
    command.add_argument(
        "--dead", metavar="DEAD", type=positive, default=1e-2, help="bound for |f'| (0.01)"
    )
    add_bfloat16(command)
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print everything as JSON")
    form.add_argument("--csv", action="store_true", help="print the table as CSV")
    add_output(command, required=False)
    command.set_defaults(run=run_compare)


def run_compare(args: argparse.Namespace, signals: Signals) -> int:
    figure_file = FigureFile(args.output, args.force, args.input) if args.output else None
    with stopping(signals, args.input) as check, progress_bar(**BYTES) as show:

        def progress(done: int, total: int) -> None:
            check()
            show(done, total)

        comparison = compare_file(
            args.input,
            args.functions,
            small=args.small,
            dead=args.dead,
            bfloat16=args.bfloat16,
            progress=progress,
        )
    if args.json:
        json.dump(as_json(comparison), sys.stdout, indent=2, allow_nan=False)
        print()
    elif args.csv:
        rows = [as_row(comparison, outcome) for outcome in comparison.outcomes]
        writer = csv.DictWriter(sys.stdout, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        for line in report(comparison):
            print(line)
    if figure_file:
        from .plots.comparison import draw

        with signals.noted() as check:
            draw(figure_file, comparison, check)
    return 0


# ---- For programs


def as_json(comparison: Comparison) -> dict[str, Any]:
    numbers = comparison.numbers
    return {
        "file": comparison.path,
        "dtype": numbers.dtype,
        "stored_dtype": numbers.stored,
        "shape": list(numbers.shape),
        "count": numbers.count,
        "finite": numbers.moments.count,
        "nan": numbers.nan,
        "minus_inf": numbers.minus_inf,
        "plus_inf": numbers.plus_inf,
        "min": numbers.least,
        "max": numbers.greatest,
        "mean": known(numbers.moments.mean),
        "std": known(numbers.moments.std),
        "small": comparison.small,
        "dead": comparison.dead,
        "gelu_fast": __version__,
        "isa": isa(),
        "functions": [as_row(comparison, outcome) for outcome in comparison.outcomes],
    }


def as_row(comparison: Comparison, outcome: Outcome) -> dict[str, Any]:
    """Returns the results of one function; shares are fractions of the finite numbers."""
    return {
        "function": outcome.function,
        "zero": comparison.share(outcome.zero),
        "small": comparison.share(outcome.small),
        "dead": comparison.share(outcome.dead),
        "saturated": comparison.share(outcome.saturated),
        "saturated_at_most": known(outcome.low),
        "saturated_at_least": known(outcome.high),
        "overflowed": outcome.overflowed,
        "mean": known(outcome.moments.mean) if outcome.moments.count else None,
        "std": known(outcome.moments.std),
        "ns_per_element": 1e9 * outcome.seconds,
    }


def known(number: float) -> float | None:
    """Returns None for NaN and infinities, which JSON cannot write."""
    return number if math.isfinite(number) else None


# ---- For people


def report(comparison: Comparison) -> Iterator[str]:
    """Yields the lines about the file, the table, and the notes on it."""
    numbers = comparison.numbers
    into = "" if numbers.stored == numbers.dtype else f", computed in {numbers.dtype}"
    yield (
        f"{comparison.path!a}: {numbers.stored}{into}, shape {numbers.shape}: {numbers.count:,}"
        f" numbers, {numbers.nan:,} NaN, {numbers.minus_inf:,} -inf, {numbers.plus_inf:,} inf"
    )
    yield (
        f"from {numbers.least:.5g} to {numbers.greatest:.5g}, mean {numbers.moments.mean:.5g},"
        f" standard deviation {numbers.moments.std:.5g}"
    )
    yield ""
    rows = [header(comparison), *(cells(comparison, outcome) for outcome in comparison.outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *rest in rows:
        columns = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        yield "  ".join([name.ljust(widths[0]), *columns])
    yield ""
    yield f"ns: time per result on this computer, in one thread, with the data in cache ({isa()})"
    for outcome in comparison.outcomes:
        if outcome.overflowed:
            yield (
                f"{outcome.function}: mean and std leave out {outcome.overflowed:,} results that"
                f" overflow {numbers.dtype}"
            )


def header(comparison: Comparison) -> list[str]:
    small, dead = f"|y|<{comparison.small:g}", f"|f'|<{comparison.dead:g}"
    return ["function", "zero", small, dead, "saturated", "for x", "mean", "std", "ns"]


def cells(comparison: Comparison, outcome: Outcome) -> list[str]:
    counts = outcome.zero, outcome.small, outcome.dead, outcome.saturated
    shares = [comparison.share(count) for count in counts]
    return [
        outcome.function,
        *("-" if share is None else percent(share) for share in shares),
        saturated_where(outcome),
        f"{outcome.moments.mean:.4g}" if outcome.moments.count else "-",
        f"{outcome.moments.std:.4g}" if outcome.moments.count else "-",
        f"{1e9 * outcome.seconds:.3f}",
    ]


def saturated_where(outcome: Outcome) -> str:
    sides = []
    if math.isfinite(outcome.low):
        sides.append(f"<={outcome.low:.3g}")
    if math.isfinite(outcome.high):
        sides.append(f">={outcome.high:.3g}")
    return " ".join(sides) or "-"
