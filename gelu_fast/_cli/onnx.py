"""gelu-fast onnx: replaces the activation functions of an ONNX model."""

import argparse

from .._files.errors import Refused
from .arguments import STATUS, Commands
from .signals import Signals

ONNX = """\
Replaces the activation functions in the model IN.onnx by operators of gelu_fast, writes the result
to OUT.onnx, and prints what was replaced. In Python, gelu_fast.onnx.get_library_path() returns the
path of the library with which ONNX Runtime runs these operators.

If IN.onnx has external data, OUT.onnx uses the same files and must be in the same folder.

OUT.onnx appears only when it is complete. A file that it replaces passes its permissions on to it.
"""
ONNX_EXAMPLE = "example: gelu-fast onnx model.onnx fast.onnx"


def add_to(commands: Commands) -> None:
    """Adds this subcommand to the command gelu-fast."""
    onnx = commands.add_parser(
        "onnx",
        help="replace the activation functions of an ONNX model",
        description=ONNX,
        epilog=f"{ONNX_EXAMPLE}\n\n{STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    onnx.add_argument("input", metavar="IN.onnx", help="the model to read")
    onnx.add_argument("output", metavar="OUT.onnx", help="the file to write")
    onnx.add_argument("--force", action="store_true", help="replace OUT.onnx if it exists")
    onnx.set_defaults(run=run_onnx)


def run_onnx(args: argparse.Namespace, signals: Signals) -> int:
    # A host, which the other subcommands must not import.
    from ..onnx._files import accelerate_file
    from ..onnx._report import summary

    try:
        with signals.noted() as check:
            report = accelerate_file(args.input, args.output, force=args.force, check=check)
    except ImportError as error:
        raise Refused(str(error)) from error
    for line in summary(report) or ["nothing was replaced"]:
        print(line)
    return 0
