"""Runs `gelu-fast apply` on real data, and measures the errors and the speed of gelu_fast.

    python examples/demo.py data/minilm_ffn_preactivations.npy

It needs the extra `demo`: python-flint for the exact values, SciPy for comparison.
"""

import argparse
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import flint
import numpy as np
from scipy.special import ndtr

import gelu_fast
from gelu_fast._core import _ufuncs

ROUNDS = 21


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="a float32 .npy file")
    data = parser.parse_args().data
    x = np.load(data)
    if x.dtype != np.float32:
        parser.error(f"data: the dtype is {x.dtype}; float32 is needed")

    print(f"instruction set: {gelu_fast.isa()}")
    print(
        f"data: {x.size} values in [{x.min():.4g}, {x.max():.4g}], {(x < -4).mean():.2%} below -4"
    )
    y = apply(data, "gelu")
    print()
    show_errors(x, y)
    print()
    show_speeds(x.ravel())


def apply(data, function):
    """Runs the command on the file and returns its result."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.npy"
        command = ["gelu-fast", "apply", str(data), str(output), "--function", function]
        print("$ " + " ".join([*command[:3], output.name, *command[4:]]))
        subprocess.run([sys.executable, "-m", "gelu_fast", *command[1:]], check=True)
        return np.load(output)


# ---- Usual expressions


def numpy_tanh_form(x):
    return (
        0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))
    )  # x**3 is far slower


def scipy_form(x):
    return x * ndtr(x)


# ---- Errors, against ball arithmetic

flint.ctx.prec = 120
TWO_OVER_PI = 2 / flint.arb.pi()


def exact_gelu(x):
    return x * (-x / flint.arb(2).sqrt()).erfc() / 2


def exact_gelu_tanh(x):
    u = TWO_OVER_PI.sqrt() * (x + flint.arb("0.044715") * x**3)
    return x / (1 + (-2 * u).exp())


def show_errors(x, y):
    """Prints the largest error of each, in ULP of the exact float32 result."""
    x, first = np.unique(x, return_index=True)
    rows = [
        ("the file just written", exact_gelu, y.ravel()[first], "gelu"),
        ("SciPy, x * ndtr(x)", exact_gelu, scipy_form(x), None),
        ("gelu_fast.gelu_tanh", exact_gelu_tanh, gelu_fast.gelu_tanh(x), "gelu_tanh"),
        ("NumPy, 0.5 * x * (1 + tanh(...))", exact_gelu_tanh, numpy_tanh_form(x), None),
    ]
    bounds = {r.function: r.bound_ulp for r in _ufuncs.table() if r.dtype == "float32"}
    kept = True
    print(f"largest error over all {x.size} distinct values, measured by ball arithmetic (Arb):")
    for name, exact, result, function in rows:
        error, at = worst_error(exact, x, result)
        bound = f", bound {bounds[function]:g}" if function else ""
        print(f"  {name:34} {error:12.4g} ULP at x = {at:.8g}{bound}")
        kept = kept and (function is None or error <= bounds[function])
    if not kept:
        sys.exit("an error exceeds its bound")


def worst_error(exact, x, result):
    """(error in ULP, x) where the float32 result is furthest from the exact one."""
    worst, at = -1.0, math.nan
    for xi, value in zip(x.tolist(), result.tolist(), strict=True):
        reference = exact(flint.arb(xi))
        smallest_normal = 2.0**-126
        exponent = math.frexp(max(abs(float(reference)), smallest_normal))[1] - 1
        error = abs(float(flint.arb(value) - reference)) / 2.0 ** (exponent - 23)
        if not error <= worst:  # NaN counts as the largest error
            worst, at = error, xi
    return worst, at


# ---- Speed


def show_speeds(x):
    """Prints the time of each call, and its ratio to np.copyto, in interleaved rounds."""
    out = np.empty_like(x)
    calls = {
        "np.copyto": lambda: np.copyto(out, x),
        "gelu_fast.gelu": lambda: gelu_fast.gelu(x, out=out),
        "gelu_fast.gelu_tanh": lambda: gelu_fast.gelu_tanh(x, out=out),
        "NumPy, 0.5 * x * (1 + tanh(...))": lambda: numpy_tanh_form(x),
        "SciPy, x * ndtr(x)": lambda: scipy_form(x),
    }
    times = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    median = {name: float(np.median(seconds)) for name, seconds in times.items()}
    print(f"time in one thread on these {x.size} values (median of {ROUNDS} rounds):")
    for name, seconds in median.items():
        print(
            f"  {name:34} {1e9 * seconds / x.size:7.3f} ns per value"
            f" {seconds / median['np.copyto']:7.2f} x np.copyto"
            f" {seconds / median['gelu_fast.gelu']:7.2f} x gelu_fast.gelu"
        )


if __name__ == "__main__":
    main()
