"""gelu-fast apply: computes a function of a file."""

import argparse

from .._core._ufuncs import ufuncs
from .._core.table import unary_functions
from .._files.apply import apply_file
from .arguments import STATUS, Commands, one_of
from .progress import BYTES, progress_bar
from .signals import Signals

APPLY = """\
Writes NAME(IN), element by element, to OUT. Files of any size: memory use does not grow with them.

float16, float32 and float64 keep their type; integers and bool become floating as in a call of
the function from Python. (An .npy file cannot say that it holds bfloat16.) The result has the
byte order of this machine and the memory order (C or Fortran) of IN. OUT appears only when it is
whole.
"""
APPLY_EXAMPLE = "example: gelu-fast apply activations.npy out.npy --function gelu"


def add_to(commands: Commands) -> None:
    """Adds the subcommand to those of the command gelu-fast."""
    apply = commands.add_parser(
        "apply",
        help="compute a function of every element of an .npy file",
        description=APPLY,
        epilog=f"functions: {', '.join(unary_functions())}\n\n{APPLY_EXAMPLE}\n\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    apply.add_argument("input", metavar="IN.npy", help="the array")
    apply.add_argument("output", metavar="OUT.npy", help="the file to write")
    apply.add_argument(
        "--function",
        metavar="NAME",
        required=True,
        type=one_of("function", unary_functions()),
        help="one of those below",
    )
    apply.add_argument("--force", action="store_true", help="replace OUT.npy if it exists")
    apply.set_defaults(run=run_apply)


def run_apply(args: argparse.Namespace, signals: Signals) -> int:
    function = ufuncs()[args.function]
    with signals.noted() as check, progress_bar(**BYTES) as show:

        def progress(done: int, total: int) -> None:
            check()
            show(done, total)

        apply_file(args.input, args.output, function, force=args.force, progress=progress)
    return 0
