"""What the tests of hosts share."""

import os
import subprocess
import sys

import numpy as np

import gelu_fast

from . import ROOT
from .table import ROW, short_name

EXAMPLES = ROOT / "examples" / "hosts"
# Programs must find the library by what they were linked with, not by chance.
CLEAN = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
X = [-4.0, -1.0, 0.0, 2.0]


def run(*command, **options):
    """What a command prints."""
    options = {"env": CLEAN, "check": True, "capture_output": True, "text": True, **options}
    return subprocess.run([str(word) for word in command], **options).stdout


def run_python(program, *arguments, **options):
    return run(sys.executable, "-W", "error", "-c", program, *arguments, **options)


def check_output(printed):
    """The lines `x gelu(x)` of an example have the bits of the ufunc."""
    lines = [line.split() for line in printed.splitlines() if line.startswith(("-", "0", "2"))]
    x, y = np.array(lines, dtype=np.float32).T
    assert x.tolist() == X
    np.testing.assert_array_equal(y.view(np.uint32), gelu_fast.gelu(x).view(np.uint32))


def c_names():
    """(row, its name in the C library without gf_), for all rows of the table."""
    return [(row, f"{row.function}_{short_name(row.dtype)}") for row in ROW.values()]
