"""Measures from which size on stores that bypass the caches are faster.

    python benchmarks/stream.py [--isa avx2] [--function gelu] [--dtype bfloat16] [--sizes 16,24]

The table gives ns/element for np.copyto, for a function, and for the function followed by a sum
over its result; both with stores that bypass the caches ("past") and with ordinary stores
("stored"). The sum shows the cost of a result that is no longer in a cache. The times are medians
over interleaved rounds in one thread. From the size in the first line on, the library bypasses the
caches, and "past" should not be slower than "stored" in either pair of columns.
"""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from common import environment  # noqa: E402

POWERS = (14, 25)  # 64 KiB to 128 MiB in float32
SECONDS = 2
NEVER = 2**62


def arguments(argv):
    from common.inputs import DTYPES

    import gelu_fast
    from gelu_fast._core.table import functions

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--function", choices=functions(), default="gelu")
    parser.add_argument("--dtype", choices=DTYPES, default="float32")
    parser.add_argument("--isa", choices=gelu_fast.available_isas())
    parser.add_argument(
        "--sizes", type=lambda s: tuple(map(int, s.split(","))), default=POWERS,
        metavar="LEAST,MOST", help="powers of two of the least and the largest size, in elements",
    )  # fmt: skip
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for each size")
    args = parser.parse_args(argv)
    if len(args.sizes) != 2:
        parser.error("--sizes: must be two powers of two, such as 14,25")
    return args


def measure(ufunc, dtype, size, seconds):
    """Returns {(what, whether stores bypass the caches): median ns/element}."""
    import numpy as np
    from common.inputs import aligned, normal
    from common.timing import interleaved, quartiles

    from gelu_fast._core.dispatch import stream_from

    x, out = normal(size, dtype), aligned(size, dtype)
    args = [x] * ufunc.nin

    def alone():
        ufunc(*args, out)

    def with_sum():
        ufunc(*args, out)
        out.sum()

    def setting(call, least):
        def run():
            with stream_from(least):
                call()

        return run

    calls = {("np.copyto", None): lambda: np.copyto(out, x)}
    for name, call in (("alone", alone), ("and sum", with_sum)):
        calls[name, True] = setting(call, 1)
        calls[name, False] = setting(call, NEVER)
    times = interleaved(calls, seconds)
    return {key: 1e9 * quartiles(values)[1] / size for key, values in times.items()}


def main(argv=None):
    args = arguments(argv)
    environment.enter(args.isa)
    import numpy as np
    from reports import report

    import gelu_fast
    from gelu_fast._core import _ufuncs

    least = _ufuncs.stream_bytes()
    machine = report.machine()
    limit = "never" if least >= NEVER else f"from {least / 2**20:g} MiB"
    print(f"{machine['cpu']}, {machine['isa']}, {args.dtype}; past the caches: {limit}\n")
    ufunc, dtype = getattr(gelu_fast, args.function), np.dtype(args.dtype)
    rows = []
    for power in range(args.sizes[0], args.sizes[1] + 1):
        found = measure(ufunc, dtype, 2**power, args.seconds)
        cells = [f"{found[key]:.3f}" for key in found]
        rows.append([f"{2**power * dtype.itemsize / 2**20:g} MiB", *cells])
    header = ["output", "np.copyto", "past", "stored", "past, sum", "stored, sum"]
    print(report.markdown_table(header, rows))


if __name__ == "__main__":
    main()
