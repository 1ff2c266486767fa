"""Measures what short calls cost, in ns: C calls of the core in this checkout, and ufuncs of the
installed package beside those of NumPy.

    python benchmarks/calls.py [--isa avx2]

"clear" and "raised" say whether the caller has raised the inexact flag before (common/calls.c). The
times of C calls are the least of many trials, those of ufuncs medians over interleaved rounds; the
ratio is that to NumPy's function."""

import argparse
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from common import environment  # noqa: E402
from reports.report import cpu_name  # noqa: E402

CORE = HERE.parent / "src" / "gelu_c"
FUNCTIONS = ("gelu", "gelu_tanh", "erf", "gelu_grad", "gelu_backward")
UFUNCS = {1: "exp", 1000: "tanh"}  # what a ufunc of so many elements is compared with


def c_calls(isa):
    """Yields the words of each line that the C program prints."""
    folder = HERE.parent / "build" / "calls"
    library, program = folder / "libgelu_c.a", folder / "calls"
    build = [sys.executable, CORE / "build_core.py", library, "--functions", *FUNCTIONS]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    includes = [f"-I{library.with_suffix('')}", f"-I{CORE / 'include'}", f"-I{CORE}"]
    source = HERE / "common" / "calls.c"
    cc, libraries = os.environ.get("CC", "cc"), ["-lm", "-pthread"]
    subprocess.run([cc, "-O2", *includes, "-o", program, source, library, *libraries], check=True)
    run = subprocess.run([program, isa], check=True, capture_output=True, text=True)
    return [line.split() for line in run.stdout.splitlines()]


def show_c_calls(isa):
    rows = {}
    for function, dtype, n, flags, time in c_calls(isa):
        rows.setdefault((function, dtype, flags), {})[n] = time
    lengths = list(next(iter(rows.values())))
    print(f"{'C call, ns':36}", *(f"{n:>7}" for n in lengths))
    for key, times in rows.items():
        print(f"{' '.join(key):36}", *(f"{times.get(n, ''):>7}" for n in lengths))


def show_ufuncs():
    import numpy as np
    from common.timing import interleaved

    import gelu_fast

    for dtype in ("float32", "float64"):
        for size, peer in UFUNCS.items():
            x = np.linspace(-3, 3, size).astype(dtype) + np.asarray(0.1, dtype)
            out = np.empty_like(x)
            ufuncs = [getattr(np, peer), gelu_fast.gelu, gelu_fast.gelu_tanh]
            calls = {f.__name__: partial(f, x, out) for f in ufuncs}
            times = {name: np.median(t) * 1e9 for name, t in interleaved(calls, 3).items()}
            for name, time in times.items():
                print(f"{dtype} {size:5} {name:10} {time:7.0f} {time / times[peer]:6.2f}")


def main(argv=None):
    import gelu_fast

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--isa", choices=gelu_fast.available_isas())
    args = parser.parse_args(argv)
    environment.enter(args.isa)
    isa = gelu_fast.isa()
    print(f"{cpu_name()}, {isa}\n")
    show_c_calls(isa)
    print("\nufunc, ns, ratio")
    show_ufuncs()


if __name__ == "__main__":
    main()
