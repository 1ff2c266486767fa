"""If ml_dtypes cannot be imported, there are no bfloat16 arrays, but all else is the same."""

import subprocess
import sys

import gelu_fast
from gelu_fast._core import _ufuncs

HIDE = "import sys; sys.modules['ml_dtypes'] = None\n"  # makes the import of ml_dtypes fail


def python(code):
    command = [sys.executable, "-W", "error", "-c", HIDE + code]
    return subprocess.run(command, capture_output=True, text=True)


def test_functions_and_table():
    run = python(
        "import gelu_fast as g; print(g._core._ufuncs.table(), *g.gelu.types, g.gelu(1.0))"
    )
    assert run.returncode == 0, run.stderr
    types = " ".join(gelu_fast.gelu.types)
    assert run.stdout == f"{_ufuncs.table()} {types} {gelu_fast.gelu(1.0)}\n"


def test_info_says_so():
    run = python("from gelu_fast._cli.command import main; sys.exit(main(['info']))")
    assert (run.returncode, run.stderr) == (0, "")
    [line] = [line for line in run.stdout.splitlines() if line.startswith("bfloat16 arrays ")]
    assert "ml_dtypes cannot be imported: " in line


def test_selfcheck_says_so():
    run = python(
        "from gelu_fast._cli.command import main\n"
        "sys.exit(main(['selfcheck', '--function', 'tanh', '--isa', 'scalar']))"
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1].startswith("bfloat16 was not tested: ml_dtypes cannot be")
    tested = [line.split()[1] for line in run.stdout.splitlines() if line.startswith("tanh ")]
    rows = [row.dtype for row in _ufuncs.table() if row.function == "tanh"]
    assert tested == [dtype for dtype in rows if dtype != "bfloat16"]
