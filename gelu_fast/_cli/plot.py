"""gelu-fast plot: pictures of the functions, of the approximations of GELU, and of the errors."""

from __future__ import annotations

import argparse

from .._core.table import main_functions, row_of, unary_functions
from .._files.errors import Refused
from .._plots import activations, variants
from .._plots.figures import FigureFile
from .arguments import Commands, add_output, at_least, names_of, one_of
from .signals import Signals

ACTIVATIONS = """\
Draws activation functions with their derivatives, one panel each, with the places of their minima;
pale behind each, for comparison, the other functions.
"""
VARIANTS = """\
Draws what approximations of GELU ({}) are off by against the exact function,
and prints where that is most. All are computed in float64.
"""
ULP = """\
Draws the error of a function over x, in units in the last place of the exact float32 result: that
of gelu_fast beside PyTorch, SciPy and a plain NumPy expression, where these are installed and have
the function; and prints where it is most. x are random numbers, and a line goes through the largest
error in each bin of them. The exact values are those of selfcheck, which shares no code with the
functions.
"""
# Of a range, so that the points of a picture are different float32 numbers:
FARTHEST = 1e30
NARROWEST = 1e-3


def add_to(commands: Commands) -> None:
    """Adds the subcommand to those of the command gelu-fast."""
    plot = commands.add_parser(
        "plot",
        help="draw functions, approximations of GELU, or errors in ULP",
        description="Draws a picture. Needs matplotlib (the extra `plot`).",
        allow_abbrev=False,
    )
    pictures = plot.add_subparsers(required=True, metavar="PICTURE")
    add_activations(pictures)
    add_variants(pictures)
    add_ulp(pictures)


def add_picture(
    pictures: Commands, name: str, what: str, description: str, epilog: str | None = None
) -> argparse.ArgumentParser:
    picture: argparse.ArgumentParser = pictures.add_parser(
        name,
        help=what,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_output(picture, required=True)
    return picture


def add_range(picture: argparse.ArgumentParser, default: tuple[float, float] | None) -> None:
    said = "its domain" if default is None else "{:g} {:g}".format(*default)
    picture.add_argument(
        "--range",
        metavar=("LOW", "HIGH"),
        nargs=2,
        type=float,
        default=default,
        help=f"of x ({said})",
    )


def range_of(args: argparse.Namespace) -> tuple[float, float]:
    low, high = args.range
    largest = max(abs(low), abs(high))
    if not (largest <= FARTHEST and high - low >= NARROWEST * largest):
        raise Refused(
            f"--range: {low:g} {high:g}: HIGH must be more than LOW (by {NARROWEST:g} of the larger"
            f" in size), and both at most {FARTHEST:g} in size"
        )
    return low, high


# ---- gelu-fast plot activations


def add_activations(pictures: Commands) -> None:
    picture = add_picture(
        pictures,
        "activations",
        "functions and their derivatives",
        ACTIVATIONS,
        f"functions: {', '.join(unary_functions())}",
    )
    picture.add_argument(
        "--functions",
        metavar="NAMES",
        type=names_of("function", unary_functions()),
        default=main_functions(),
        help=f"some of those below, with commas between ({','.join(main_functions())})",
    )
    add_range(picture, (-4.0, 4.0))
    picture.set_defaults(run=run_activations)


def run_activations(args: argparse.Namespace, signals: Signals) -> int:
    low, high = range_of(args)
    figure_file = FigureFile(args.output, args.force)
    with signals.noted() as check:
        activations.draw(figure_file, args.functions, low, high, check)
    return 0


# ---- gelu-fast plot variants


def add_variants(pictures: Commands) -> None:
    picture = add_picture(
        pictures,
        "variants",
        "errors of the approximations of GELU",
        VARIANTS.format(", ".join(variants.variants())),
    )
    add_range(picture, (-6.0, 6.0))
    picture.set_defaults(run=run_variants)


def run_variants(args: argparse.Namespace, signals: Signals) -> int:
    low, high = range_of(args)
    figure_file = FigureFile(args.output, args.force)
    largest = [variants.largest_error(name) for name in variants.variants()]
    with signals.noted() as check:
        variants.draw(figure_file, largest, low, high, check)
    for found in largest:
        print(found)
    return 0


# ---- gelu-fast plot ulp


def add_ulp(pictures: Commands) -> None:
    picture = add_picture(
        pictures,
        "ulp",
        "errors in ULP, ours and those of other libraries",
        ULP,
        f"functions: {', '.join(unary_functions())}",
    )
    picture.add_argument(
        "--function",
        metavar="NAME",
        type=one_of("function", unary_functions()),
        default="gelu",
        help="one of those below (gelu)",
    )
    add_range(picture, None)
    picture.add_argument(
        "--seed", metavar="N", type=at_least(0), default=0, help="of the random numbers (0)"
    )
    picture.set_defaults(run=run_ulp)


def run_ulp(args: argparse.Namespace, signals: Signals) -> int:
    from .._plots.peers import contestants
    from .._plots.ulp import draw, measure, shown_range

    row = row_of(args.function, "float32")
    args.range = args.range or shown_range(row)
    low, high = range_of(args)
    figure_file = FigureFile(args.output, args.force)
    found, absent = contestants(args.function)
    with signals.noted() as check:
        x, errors = measure(args.function, found, low, high, args.seed, check)
        draw(figure_file, row, x, errors, check)
    for one in errors:
        print(one)
    for name, reason in absent.items():
        print(f"{name}: {reason}")
    return 0
