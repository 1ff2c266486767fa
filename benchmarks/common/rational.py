"""The yardstick of compare.py: how fast could a loop be that gives up the left tail?

The loop (rational.c) has the shape of the newest kernels of inference libraries. It computes
x * (1/2 + r(x)), where r is odd, by one rational function and one division. Beyond END, r is
constant, so the results are wrong far to the left, where 1/2 + r(x) should become small.

`fitted` finds the coefficients: a weighted least squares fit on Chebyshev nodes, in which the
denominator of the last pass becomes a weight, as do the errors of the last pass, which makes the
largest relative error small. It is about 2e-8 for gelu and gelu_tanh, and less for silu.
"""

import ctypes
import math
import os
import shlex
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_suffix(".c")
FLAGS = ["-O3", "-funroll-loops", "-ffp-contract=off", "-fPIC", "-shared"]
ISA_FLAGS = {"avx512": ["-mavx512f"], "avx2": ["-mavx2", "-mfma"]}
DEGREE = 5
NODES, PASSES = 1000, 60

# name: (r, END); beyond END the float32 nearest to 1/2 + r is 1, or nearly
FUNCTIONS = {
    "gelu": (lambda x: math.erf(x / math.sqrt(2)) / 2, 5.5),
    "gelu_tanh": (lambda x: math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)) / 2, 5.5),
    "silu": (lambda x: math.tanh(x / 2) / 2, 17.0),
}


def fitted(r, end):
    """Returns the coefficients P0, ..., P5, Q1, ..., Q5 of x * P(x^2) / Q(x^2)."""
    x = np.cos(np.pi * (np.arange(NODES) + 0.5) / (2 * NODES))  # positive, scaled to 1
    target = np.array([r(end * node) / node for node in x])
    powers = x[:, None] ** (2 * np.arange(DEGREE + 1))
    left = np.hstack([powers, -target[:, None] * powers[:, 1:]])
    denominator, weight = np.ones(NODES), np.ones(NODES)
    best, least = None, np.inf
    for _ in range(PASSES):
        scale = np.sqrt(weight) / (target * denominator)
        found = np.linalg.lstsq(left * scale[:, None], target * scale, rcond=None)[0]
        denominator = 1 + powers[:, 1:] @ found[DEGREE + 1 :]
        error = abs(powers @ found[: DEGREE + 1] / denominator / target - 1)
        if error.max() < least:
            best, least = found, error.max()
        weight *= np.maximum(error, 1e-16) ** 0.7
        weight = np.maximum(weight / weight.sum(), 1e-12)
    p, q = best[: DEGREE + 1], best[DEGREE + 1 :]
    even = end ** -(2.0 * np.arange(DEGREE + 1))
    return [*(p * even / end), *(q * even[1:])]


def compiler():
    """Returns the command of the C compiler, or raises ImportError."""
    command = shlex.split(os.environ.get("CC", "cc"))
    if not shutil.which(command[0]):
        raise ImportError("no C compiler", name="a C compiler")
    return command


@cache
def loop(function, isa):
    """Compiles the loop for an instruction set. Returns apply(x, y, n)."""
    r, end = FUNCTIONS[function]
    names = [f"P{k}" for k in range(DEGREE + 1)] + [f"Q{k}" for k in range(1, DEGREE + 1)]
    constants = {**dict(zip(names, fitted(r, end), strict=True)), "END": end}
    macros = [f"-D{name}={value:.9e}f" for name, value in constants.items()]
    # Windows cannot delete a loaded library, so the folder may stay.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        library = Path(folder, "rational.so")
        flags = [*FLAGS, *ISA_FLAGS[isa], *macros]
        subprocess.run([*compiler(), *flags, SOURCE, "-o", library], check=True)
        apply = ctypes.CDLL(str(library)).apply
    apply.argtypes, apply.restype = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t], None
    return apply
