"""The command gelu-fast: `info` says what runs here, and `apply` computes a function of a file. The
other subcommands are in _cli_*.py."""

import argparse
import os
import sys

import gelu_fast
from gelu_fast import _cli_compare, _cli_plot, _cli_selfcheck, _dtypes, _ufuncs
from gelu_fast._apply import apply_file
from gelu_fast._arguments import one_of
from gelu_fast._functions import unary_functions
from gelu_fast._refused import Refused
from gelu_fast._signals import Signals, Stopped
from gelu_fast._terminal import progress_bar

DESCRIPTION = "Exact, fast GELU-family functions on arrays."
APPLY = """\
Writes NAME(IN), element by element, to OUT. Files of any size: memory use does not grow with them.

float16, float32 and float64 keep their type; integers and bool become floating as in a call of
the function from Python. (An .npy file cannot say that it holds bfloat16.) The result has the
byte order of this machine and the memory order (C or Fortran) of IN. OUT appears only when it is
whole.
"""
APPLY_EXAMPLE = "example: gelu-fast apply activations.npy out.npy --function gelu"
BYTES = {"unit": "B", "unit_scale": True, "unit_divisor": 1024}
STATUS = "exit status: 0 done, 2 refused or failed (one line on stderr says why), 130 Ctrl-C"


def main(argv=None):
    """Runs the command inside a process that goes on, and returns its exit status."""
    with Signals() as signals:
        return run_command(signals, argv)


def run_command(signals, argv=None):
    """Runs the command and returns its exit status."""
    try:
        try:
            args = parser().parse_args(argv)
            return args.run(args, signals)
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except Refused as refusal:
        return complain(str(refusal), 2)
    except Stopped as stop:
        return complain(f"stopped by {stop.signal.name}", stop.status)
    except BrokenPipeError:  # the reader, such as `head`, has all it wants
        discard_stdout()
        return 128 + 13  # as if stopped by SIGPIPE, like other commands
    except OSError as error:  # standard output on a full disk
        discard_stdout()
        return complain(f"standard output: {error.strerror or error}", 2)


def complain(message, status):
    if sys.stderr:
        print(f"gelu-fast: {message}", file=sys.stderr)
    return status


def discard_stdout():
    """What could not be written must not be tried again, noisily, when Python exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---- Arguments


class Parser(argparse.ArgumentParser):
    """Reports a usage error in one line."""

    def error(self, message):
        complain(f"{message} (see {self.prog} --help)", 2)
        raise SystemExit(2)


def parser():
    top = Parser("gelu-fast", description=DESCRIPTION, epilog=STATUS, allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"gelu_fast {gelu_fast.__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    info = commands.add_parser(
        "info",
        help="version, instruction sets, functions and their error bounds",
        description="Prints the version, the instruction sets, and the functions with the error"
        " bound of each type.",
        epilog="GELU_FAST_ISA=NAME in the environment chooses another instruction set.",
    )
    info.set_defaults(run=run_info)

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

    for module in _cli_compare, _cli_plot, _cli_selfcheck:
        module.add_to(commands)
    return top


# ---- gelu-fast info


def run_info(args, signals):
    isas = _ufuncs.isas()
    print(f"gelu_fast {gelu_fast.__version__}")
    print(f"instruction set in use  {_ufuncs.isa()}")
    print(f"compiled in             {', '.join(name for name, _ in isas)}")
    print(f"of these this CPU runs  {', '.join(name for name, runs in isas if runs)}")
    print(f"CPU features            {_ufuncs.cpu_features() or 'none that matter here'}")
    print(f"bfloat16 arrays         {_dtypes.WHY_NO_BFLOAT16 or 'those of ml_dtypes'}")
    print()
    print("Largest error promised, in ULP, final rounding included, over all inputs:")
    for line in bounds_table():
        print(line)
    return 0


def bounds_table():
    """The lines of the table of functions x dtypes x error bounds."""
    rows = _ufuncs.table()
    dtypes = list(dict.fromkeys(row["dtype"] for row in rows))
    bounds = {(row["function"], row["dtype"]): f"{row['bound_ulp']:g}" for row in rows}
    formulas = {row["function"]: row["formula"] for row in rows}
    width = max(map(len, formulas))
    yield "  ".join([" " * width, *dtypes])
    for name, formula in formulas.items():
        cells = [bounds.get((name, dtype), "-").rjust(len(dtype)) for dtype in dtypes]
        yield "  ".join([name.ljust(width), *cells, formula])


# ---- gelu-fast apply


def run_apply(args, signals):
    function = getattr(gelu_fast, args.function)
    with signals.noted() as check, progress_bar(**BYTES) as show:

        def progress(done, total):
            check()
            show(done, total)

        apply_file(args.input, args.output, function, force=args.force, progress=progress)
    return 0
