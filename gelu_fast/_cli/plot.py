"""gelu-fast plot: pictures of the functions, of approximations of GELU, and of errors in ULP."""

from __future__ import annotations

import argparse

from .._core.table import main_functions, row_of, unary_functions
from .._files.errors import Refused
from .arguments import Commands, add_output, at_least, names_of, one_of
from .plots import activations, variants
from .plots.figures import FigureFile
from .signals import Signals

ACTIVATIONS = """\
Draws activation functions with their derivatives, one panel for each function, and marks their
minima. Each panel shows the other functions in a pale colour for comparison.
"""
VARIANTS = """\
Draws the errors of approximations of GELU ({}) against the exact
function, and prints the largest error of each and its x. All functions are computed in float64.
"""
ULP = """\
Draws the error of a function against x, in units in the last place (ULP) of the exact float32
result, and prints the largest error and its x. The picture shows gelu_fast beside PyTorch, SciPy
and a plain NumPy expression, if they are installed and have the function. x takes random values; a
curve shows the largest error in each bin of x. The exact values come from the reference of
selfcheck, which shares no code with the functions.
"""
# These limits of a range make the points of a picture different float32 numbers.
FARTHEST = 1e30
NARROWEST = 1e-3


def add_to(commands: Commands) -> None:
    """Adds this subcommand to the command gelu-fast."""
    plot = commands.add_parser(
        "plot",
        help="draw functions, approximations of GELU, or errors in ULP",
        description="Draws a picture. This needs matplotlib (the extra `plot`).",
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
    said = "the domain of the function" if default is None else "{:g} {:g}".format(*default)
    picture.add_argument(
        "--range",
        metavar=("LOW", "HIGH"),
        nargs=2,
        type=float,
        default=default,
        help=f"range of x ({said})",
    )


def range_of(args: argparse.Namespace) -> tuple[float, float]:
    low, high = args.range
    largest = max(abs(low), abs(high))
    if not (largest <= FARTHEST and high - low >= NARROWEST * largest):
        raise Refused(
            f"--range: {low:g} {high:g}: HIGH - LOW must be at least {NARROWEST:g} times the larger"
            f" of |LOW| and |HIGH|, which must be at most {FARTHEST:g}"
        )
    return low, high


# ---- gelu-fast plot activations


def add_activations(pictures: Commands) -> None:
    picture = add_picture(
        pictures,
        "activations",
        "draw functions and their derivatives",
        ACTIVATIONS,
        f"functions: {', '.join(unary_functions())}",
    )
    picture.add_argument(
        "--functions",
        metavar="NAMES",
        type=names_of("function", unary_functions()),
        default=main_functions(),
        help=f"functions of the list below, with commas ({','.join(main_functions())})",
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
        "draw the errors of approximations of GELU",
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
        "draw the errors of gelu_fast and of other libraries in ULP",
        ULP,
        f"functions: {', '.join(unary_functions())}",
    )
    picture.add_argument(
        "--function",
        metavar="NAME",
        type=one_of("function", unary_functions()),
        default="gelu",
        help="a function of the list below (gelu)",
    )
    add_range(picture, None)
    picture.add_argument(
        "--seed", metavar="N", type=at_least(0), default=0, help="seed of the random numbers (0)"
    )
    picture.set_defaults(run=run_ulp)


def run_ulp(args: argparse.Namespace, signals: Signals) -> int:
    from .plots.peers import contestants
    from .plots.ulp import draw, measure, shown_range

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
