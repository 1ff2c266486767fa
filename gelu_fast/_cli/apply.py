"""gelu-fast apply: applies a function to the numbers in a file."""

import argparse

from .._core._ufuncs import MOST_THREADS
from .._core.table import applicable_functions
from .._files.apply import apply_file
from .._files.formats.known import ENDINGS
from . import cluster
from .arguments import STATUS, Commands, add_bfloat16, at_least, one_of
from .progress import BYTES, progress_bar
from .signals import Signals, stopping

APPLY = f"""\
Applies the function NAME to the numbers in IN and writes the results to OUT, which has the same
format. The ending of IN says the format: {", ".join(ENDINGS)};
a file with another ending is an .npy file. Files can have any size, because memory use does not
grow with it. The extra gelu_fast[files] installs the packages that other formats than NumPy's need.

All columns of a table, tensors or arrays of floats are computed, or those that match --columns or
--tensors. The others are copied, and so are names, schema, metadata, missing values, compression,
row groups and chunks.

float16, bfloat16, float32 and float64 keep their dtype. Integers and bool become floats, as in a
call from Python. An .npy file of results has the byte order of this computer and the memory order
(C or Fortran) of IN.

OUT appears only when it is complete. A file that it replaces passes its permissions on to it. The
name - stands for standard input or standard output, in the format .npy.
"""
APPLY_EXAMPLES = """\
examples:
  gelu-fast apply activations.npy out.npy --function gelu
  gelu-fast apply table.parquet out.parquet --function relu --columns 'x*,y'"""


def add_to(commands: Commands) -> None:
    """Adds this subcommand to the command gelu-fast."""
    apply = commands.add_parser(
        "apply",
        help="apply a function to the numbers in a file",
        description=APPLY,
        epilog=f"functions: {', '.join(applicable_functions())}\n\n{APPLY_EXAMPLES}\n\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    apply.add_argument("input", metavar="IN", help="the file or store to read, or -")
    apply.add_argument("output", metavar="OUT", help="the file or store to write, or -")
    apply.add_argument(
        "--function",
        metavar="NAME",
        required=True,
        type=one_of("function", applicable_functions()),
        help="a function of the list below",
    )
    apply.add_argument(
        "--columns",
        "--tensors",
        dest="names",
        metavar="PATTERNS",
        action="extend",
        type=patterns,
        help="compute the columns, tensors or arrays whose names match one of these patterns of the"
        " shell, with commas between them; the option can be repeated",
    )
    add_bfloat16(apply)
    apply.add_argument(
        "--threads",
        metavar="N",
        type=at_least(0, MOST_THREADS),
        help="use N threads, or with 0 as many as this computer has (default: what"
        " GELU_FAST_NUM_THREADS says, or 1)",
    )
    apply.add_argument("--force", action="store_true", help="replace OUT if it exists")
    cluster.add_to(apply)
    apply.set_defaults(run=run_apply)


def patterns(text: str) -> list[str]:
    found = [pattern for pattern in text.split(",") if pattern]
    if not found:
        raise argparse.ArgumentTypeError("must have at least one pattern")
    return found


def run_apply(args: argparse.Namespace, signals: Signals) -> int:
    if cluster.is_cluster_job(args):
        options = {"names": args.names, "bfloat16": args.bfloat16}
        return cluster.run_parts(args, options, signals)
    with stopping(signals, args.input, args.output) as check, progress_bar(**BYTES) as show:

        def progress(done: int, total: int) -> None:
            check()
            show(done, total)

        apply_file(
            args.input,
            args.output,
            args.function,
            names=args.names,
            force=args.force,
            bfloat16=args.bfloat16,
            threads=args.threads,
            progress=progress,
        )
    return 0
