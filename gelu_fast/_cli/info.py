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
    """Adds the subcommand to those of the command gelu-fast."""
    info = commands.add_parser(
        "info",
        help="version, instruction sets, functions and their error bounds",
        description="Prints the version, the instruction sets, and the functions with the error"
        " bound of each type.",
        epilog="GELU_FAST_ISA=NAME in the environment chooses another instruction set.",
    )
    info.set_defaults(run=run_info)


def run_info(args: argparse.Namespace, signals: Signals) -> int:
    isas = _ufuncs.isas()
    print(f"gelu_fast {__version__}")
    print(f"instruction set in use  {_ufuncs.isa()}")
    print(f"compiled in             {', '.join(name for name, _ in isas)}")
    print(f"of these this CPU runs  {', '.join(name for name, runs in isas if runs)}")
    print(f"CPU features            {_ufuncs.cpu_features() or 'none that matter here'}")
    print(f"bfloat16 arrays         {WHY_NO_BFLOAT16 or 'those of ml_dtypes'}")
    print()
    print("Largest error promised, in ULP, final rounding included, over all inputs:")
    for line in bounds_table():
        print(line)
    return 0


def bounds_table() -> Iterator[str]:
    """The lines of the table of functions x dtypes x error bounds."""
    dtypes = list(dict.fromkeys(row.dtype for row in ROWS))
    bounds = {(row.function, row.dtype): f"{row.bound_ulp:g}" for row in ROWS}
    formulas = {row.function: row.formula for row in ROWS}
    width = max(map(len, formulas))
    yield "  ".join([" " * width, *dtypes])
    for name, formula in formulas.items():
        cells = [bounds.get((name, dtype), "-").rjust(len(dtype)) for dtype in dtypes]
        yield "  ".join([name.ljust(width), *cells, formula])
