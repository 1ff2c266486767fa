"""gelu-fast selfcheck: measures the errors of the functions on the user's own computer."""

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
Measures the errors of the functions of x and of (dy, x), in every dtype and on every instruction
set of this computer, against independently computed values, and compares them with the error
bounds. It does not test gates, fused biases and functions with a parameter.

For each function of x it tests all float16 and bfloat16 numbers, millions of float32 numbers and
thousands of float64 numbers. For each function of (dy, x) it tests random pairs: hundreds of
thousands in float16 and bfloat16, millions in float32 and thousands in float64. The time depends on
the processor and on the number of instruction sets: three of them took 4 to 5 minutes of processor
time on an Intel Xeon. --jobs shares the work among processes.

With --all it also tests all float32 numbers for the functions of x, and more float64 numbers and
more pairs. This takes 10 to 25 minutes of processor time for each function.
"""
EPILOG = """\
functions: {}
instruction sets: {}

exit status: 0 no error found exceeds its bound, 1 an error exceeds its bound, 2 refused or failed,
130 Ctrl-C
"""


def add_to(commands: Commands) -> None:
    """Adds this subcommand to the command gelu-fast."""
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
    command.add_argument("--all", action="store_true", help="test all float32 numbers too")
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
        "--seed", metavar="N", type=at_least(0), default=0, help="seed of the random numbers (0)"
    )
    command.add_argument(
        "--jobs",
        metavar="N",
        type=at_least(1),
        help="number of processes (1; with --all, the number of processors)",
    )
    command.set_defaults(run=run_selfcheck)


def run_selfcheck(args: argparse.Namespace, signals: Signals) -> int:
    # These imports take time, and the other subcommands do not need them.
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
            check()  # a signal to the whole process group may have killed the process
            raise Refused("a worker process died; --jobs 1 starts no worker process") from error
    print(f"gelu_fast {__version__} on {_ufuncs.cpu_features()}; seed {args.seed}")
    for line in report(results):
        print(line)
    if not dtypes.is_here("bfloat16"):
        print(f"bfloat16 was not tested: {dtypes.WHY_NO_BFLOAT16}")
    return 0 if all(result.passed for result in results) else 1


def report(results: Sequence[SelfcheckResult]) -> Iterator[str]:
    """Yields the lines of the table, and a line for each error that exceeds its bound."""
    isas = list(dict.fromkeys(result.isa for result in results))
    width = max(len(result.function) for result in results)
    errors = {(r.function, r.dtype, r.isa): f"{r.max_ulp:.4f}{' !'[not r.passed]}" for r in results}
    yield "Largest error found and error bound, in ULP, including the final rounding:"
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
            f"BROKEN BOUND: {r.function}({at}) in {r.dtype} on {r.isa} is {r.got.hex()}, the exact"
            f" value rounds to {r.want.hex()}, the error is {r.max_ulp:.4g} ULP, the bound is"
            f" {r.bound_ulp:g}"
        )
    yield (
        f"broken bounds: {len(broken)} of {len(results)}"
        if broken
        else f"all {len(results)} errors are within their bounds"
    )
