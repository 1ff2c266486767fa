"""Calls in threads with a small stack. musl gives a thread 128 KiB, and NumPy's own functions need
32, which is the least that Python allows. tests/c/test_stack.c measures the calls themselves."""

import os
import subprocess
import sys
import textwrap

import pytest
from support.table import DTYPES, NAMES

KIB = 1024
PROGRAM = """
    import sys, threading
    import numpy as np
    import gelu_fast

    names, dtypes = sys.argv[1].split(), sys.argv[2].split()
    stack, depth = int(sys.argv[3]), int(sys.argv[4])
    finished = []

    class Deep:
        # An index that calls work() when `left` calls of Python by C are on the stack.
        def __init__(self, left):
            self.left = left

        def __index__(self):
            if self.left:
                return [0][Deep(self.left - 1)]
            work()
            return 0

    def work():
        for dtype in dtypes:
            for name in names:
                ufunc = getattr(np, name, None) or getattr(gelu_fast, name)
                for n in 1, 100, 9000:
                    x = np.linspace(-60, 60, 3 * n).astype(dtype)
                    others = [x[:n]] * (ufunc.nin - 1)
                    ufunc(x[:n], *others)
                    ufunc(x[::3], *others)
                    ufunc(x[::-3], *[other[:1] for other in others])
                    outs = [x[: 2 * n : 2], *[np.empty_like(x[:n])] * (ufunc.nout - 1)]
                    ufunc(x[: 2 * n : 2], *others, out=tuple(outs))
                    if ufunc.nin == 2:
                        ufunc.reduce(x[:n])
        finished.append(True)

    np.seterr(all="ignore")
    threading.stack_size(stack)
    thread = threading.Thread(target=lambda: [0][Deep(depth)])
    thread.start()
    thread.join()
    sys.exit(not finished)
"""


def run(isa, names, dtypes, stack, depth=0):
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM)]
    command += [" ".join(names), " ".join(dtypes), str(stack), str(depth)]
    environment = {**os.environ, "GELU_FAST_ISA": isa}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def smallest():
    """The least stack in which NumPy's own functions run, at most 64 KiB."""
    for stack in 32 * KIB, 48 * KIB:
        if run("scalar", ["exp", "tanh", "logaddexp"], ["float32", "float64"], stack)[0] == 0:
            return stack
    return 64 * KIB


@pytest.mark.slow
def test_where_numpy_runs(isa, smallest):
    assert run(isa, sorted(NAMES), DTYPES, smallest) == (0, "")


@pytest.mark.slow
def test_deep_inside_a_program(isa):
    """A thread of 64 KiB has room for 32 calls of Python by C, and a call inside them."""
    assert run(isa, sorted(NAMES), DTYPES, 64 * KIB, 32) == (0, "")
