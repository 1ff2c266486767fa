"""gelu-fast selfcheck: certifies the functions on the user's own computer."""

import argparse
import os
from collections.abc import Iterator, Sequence

from .. import __version__
from .._core import _ufuncs, dtypes, table
from .._core.dispatch import available_isas
from .._files.errors import Refused
from .._selfcheck.result import SelfcheckResult
from .arguments import Commands, at_least, one_of
from .progress import progress_bar
from .signals import Signals

DESCRIPTION = """\
Measures the errors of every function and type on every instruction set of this computer, against
values that are computed independently, and compares them with what the library promises.

Without --all it tests, for each function, all float16 and bfloat16 numbers, millions of float32
numbers and thousands of float64 numbers: about a minute. With --all it tests all float32 numbers
too, and more of the float64 numbers and of the pairs of numbers for functions of two inputs (all of
those are beyond any computer): 10 to 25 minutes of one processor per function.
"""
EPILOG = """\
functions: {}
instruction sets: {}

exit status: 0 all errors within their bounds, 1 not so, 2 refused or failed, 130 Ctrl-C
"""


def add_to(commands: Commands) -> None:
    """Adds the subcommand to those of the command gelu-fast."""
    functions = table.functions()
    isas = available_isas()
    command = commands.add_parser(
        "selfcheck",
        help="measure the errors of the functions on this computer",
        description=DESCRIPTION,
        epilog=EPILOG.format(", ".join(functions), ", ".join(isas)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_argument("--all", action="store_true", help="every pattern of float32 too")
    command.add_argument(
        "--function",
        metavar="NAME",
        action="append",
        type=one_of("function", functions),
        help="test this function only (may be repeated)",
    )
    command.add_argument(
        "--isa",
        metavar="NAME",
        action="append",
        type=one_of("instruction set", isas),
        help="test this instruction set only (may be repeated)",
    )
    command.add_argument(
        "--seed", metavar="N", type=at_least(0), default=0, help="of the random numbers (0)"
    )
    command.add_argument(
        "--jobs",
        metavar="N",
        type=at_least(1),
        help="processes at work (1; with --all, as many as there are processors)",
    )
    command.set_defaults(run=run_selfcheck)


def run_selfcheck(args: argparse.Namespace, signals: Signals) -> int:
    # Imports that the other subcommands need not wait for.
    from concurrent.futures.process import BrokenProcessPool

    from .._selfcheck.run import run

    with signals.noted() as check, progress_bar(unit=" blocks", smoothing=0) as show:

        def progress(done: int, total: int) -> None:
            check()
            show(done, total)

        try:
            results = run(
                args.function or table.functions(),
                list(dict.fromkeys(args.isa or available_isas())),
                exhaustive=args.all,
                seed=args.seed,
                jobs=args.jobs or ((os.cpu_count() or 1) if args.all else 1),
                progress=progress,
            )
        except BrokenProcessPool as error:
            check()  # the signal may have been for all processes of the group
            raise Refused("a process at work has died; with --jobs 1 there is none") from error
    print(f"gelu_fast {__version__} on {_ufuncs.cpu_features()}; seed {args.seed}")
    for line in report(results):
        print(line)
    if not dtypes.is_here("bfloat16"):
        print(f"bfloat16 was not tested: {dtypes.WHY_NO_BFLOAT16}")
    return 0 if all(result.passed for result in results) else 1


def report(results: Sequence[SelfcheckResult]) -> Iterator[str]:
    """The lines of a table, and of what is wrong."""
    isas = list(dict.fromkeys(result.isa for result in results))
    width = max(len(result.function) for result in results)
    errors = {(r.function, r.dtype, r.isa): f"{r.max_ulp:.4f}{' !'[not r.passed]}" for r in results}
    yield "Largest error in ULP, final rounding included, and the bound that is promised:"
    columns = " ".join(f"{isa:>11}" for isa in isas)
    yield f"{'function':{width}}  {'dtype':8}  {'inputs':>13}  {'bound':>5}{columns}"
    for r in results:
        if r.isa == isas[0]:
            cells = "".join(f"{errors[r.function, r.dtype, isa]:>12}" for isa in isas).rstrip()
            yield f"{r.function:{width}}  {r.dtype:8}  {r.inputs:13,}  {r.bound_ulp:5g}{cells}"
    broken = [result for result in results if not result.passed]
    for r in broken:
        at = ", ".join(x.hex() for x in r.worst)
        yield (
            f"BROKEN: {r.function}({at}) in {r.dtype} on {r.isa}: got {r.got.hex()}, want"
            f" {r.want.hex()}, {r.max_ulp:.4g} ULP apart, bound {r.bound_ulp:g}"
        )
    yield (
        f"{len(broken)} of {len(results)} beyond their bounds"
        if broken
        else f"all {len(results)} within their bounds"
    )
