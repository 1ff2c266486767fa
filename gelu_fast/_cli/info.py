"""gelu-fast info: the version, the instruction sets and the error bounds."""

import argparse
from collections.abc import Iterator

from .. import __version__
from .._core import _ufuncs
from .._core.dtypes import WHY_NO_BFLOAT16
from .._core.table import ROWS
from .arguments import Commands
from .signals import Signals


def add_to(commands: Commands) -> None:
    """Adds this subcommand to the command gelu-fast."""
    info = commands.add_parser(
        "info",
        help="print the version, the instruction sets and the error bounds",
        description="Prints the version, the instruction sets, and the error bounds of the"
        " functions of x and of (dy, x). help(gelu_fast.NAME) in Python gives the bounds of the"
        " other functions.",
        epilog="The environment variable GELU_FAST_ISA=NAME selects another instruction set.",
    )
    info.set_defaults(run=run_info)


def run_info(args: argparse.Namespace, signals: Signals) -> int:
    isas = _ufuncs.isas()
    print(f"gelu_fast {__version__}")
    print(f"instruction set in use  {_ufuncs.isa()}")
    print(f"compiled in             {', '.join(name for name, _ in isas)}")
    print(f"usable on this CPU      {', '.join(name for name, runs in isas if runs)}")
    print(f"CPU features            {_ufuncs.cpu_features() or 'none that gelu_fast uses'}")
    print(f"bfloat16 arrays         {WHY_NO_BFLOAT16 or 'supported through ml_dtypes'}")
    print()
    print(
        "Error bounds of the functions of x and of (dy, x), in ULP, including the final rounding:"
    )
    for line in bounds_table():
        print(line)
    return 0


def bounds_table() -> Iterator[str]:
    """Yields the lines of the table of error bounds: a row per function, a column per dtype."""
    dtypes = list(dict.fromkeys(row.dtype for row in ROWS))
    bounds = {(row.function, row.dtype): f"{row.bound_ulp:g}" for row in ROWS}
    formulas = {row.function: row.formula for row in ROWS}
    width = max(map(len, formulas))
    yield "  ".join([" " * width, *dtypes])
    for name, formula in formulas.items():
        cells = [bounds.get((name, dtype), "-").rjust(len(dtype)) for dtype in dtypes]
        yield "  ".join([name.ljust(width), *cells, formula])
