"""gelu-fast apply: applies a function to each element of an .npy file."""

import argparse

from .._core._ufuncs import ufuncs
from .._core.table import unary_functions
from .._files.apply import apply_file
from .arguments import STATUS, Commands, add_bfloat16, one_of
from .progress import BYTES, progress_bar
from .signals import Signals, stopping

APPLY = """\
Applies the function NAME to each element of IN.npy and writes the results to OUT.npy. The files can
have any size, because memory use does not grow with it.

float16, float32 and float64 keep their dtype. Integers and bool become floats, as in a call from
Python. The result has the byte order of this computer and the memory order (C or Fortran) of
IN.npy.

OUT.npy appears only when it is complete. A file that it replaces passes its permissions on to it.
The name - stands for standard input or standard output.
"""
APPLY_EXAMPLE = "example: gelu-fast apply activations.npy out.npy --function gelu"


def add_to(commands: Commands) -> None:
    """Adds this subcommand to the command gelu-fast."""
    apply = commands.add_parser(
        "apply",
        help="apply a function to each element of an .npy file",
        description=APPLY,
        epilog=f"functions: {', '.join(unary_functions())}\n\n{APPLY_EXAMPLE}\n\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    apply.add_argument("input", metavar="IN.npy", help="the file to read, or -")
    apply.add_argument("output", metavar="OUT.npy", help="the file to write, or -")
    apply.add_argument(
        "--function",
        metavar="NAME",
        required=True,
        type=one_of("function", unary_functions()),
        help="a function of the list below",
    )
    add_bfloat16(apply)
    apply.add_argument("--force", action="store_true", help="replace OUT.npy if it exists")
    apply.set_defaults(run=run_apply)


def run_apply(args: argparse.Namespace, signals: Signals) -> int:
    function = ufuncs()[args.function]
    with stopping(signals, args.input, args.output) as check, progress_bar(**BYTES) as show:

        def progress(done: int, total: int) -> None:
            check()
            show(done, total)

        apply_file(
            args.input,
            args.output,
            function,
            force=args.force,
            bfloat16=args.bfloat16,
            progress=progress,
        )
    return 0
