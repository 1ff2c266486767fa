"""Times the table look-up of gelu_fast.quantized, beside a copy and other ways to look up.

    python benchmarks/quantized.py [--isa avx2] [--sizes 10,16,20,25]

The figures are ns/element in int8, and in brackets the ratio to gelu_fast's look-up. The times are
medians over interleaved rounds in one thread. If PyTorch is installed, its quantized GELU takes
part.
"""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from common import environment  # noqa: E402

POWERS = [10, 13, 16, 20, 25, 27]
SECONDS = 3
SCALES = 0.05, 0, 0.025, -100


def arguments(argv):
    import gelu_fast

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--isa", choices=gelu_fast.available_isas())
    parser.add_argument(
        "--sizes", type=lambda s: [int(power) for power in s.split(",")], default=POWERS,
        help="powers of two, in elements",
    )  # fmt: skip
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for each size")
    return parser.parse_args(argv)


def pytorch(x):
    """Returns {name: call} for PyTorch's quantized GELU on x; it is empty without PyTorch."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    in_scale, in_point, _, _ = SCALES
    quantized = torch._make_per_tensor_quantized_tensor(torch.from_numpy(x), in_scale, in_point)
    return {"PyTorch": lambda: torch.nn.functional.gelu(quantized)}


def measure(size, seconds):
    """Returns {name: median ns/element}, with gelu_fast's look-up first."""
    import numpy as np
    from common.timing import interleaved, quartiles

    from gelu_fast.quantized import lookup, table

    t = table("gelu", *SCALES)
    x = np.random.default_rng(1).normal(0, 30, size).clip(-128, 127).astype(np.int8)
    out, index = np.zeros_like(x), x.view(np.uint8)
    calls = {
        "lookup": lambda: lookup(t, x, out),
        "np.copyto": lambda: np.copyto(out, x),
        "np.take": lambda: np.take(t, index, out=out, mode="clip"),
        "table[x]": lambda: t[index],
        **pytorch(x),
    }
    times = interleaved(calls, seconds)
    np.testing.assert_array_equal(lookup(t, x), t[index])
    return {name: 1e9 * quartiles(values)[1] / size for name, values in times.items()}


def main(argv=None):
    args = arguments(argv)
    environment.enter(args.isa)
    from reports import report

    machine = report.machine()
    print(f"{machine['cpu']}, {machine['isa']}\n")
    found = {power: measure(2**power, args.seconds) for power in args.sizes}
    names = list(next(iter(found.values())))
    rows = []
    for power, times in found.items():
        ours = times["lookup"]
        cells = [f"{times[name]:.4f} ({times[name] / ours:.2f})" for name in names[1:]]
        rows.append([f"{2**power:,}", f"{ours:.4f}", *cells])
    print(report.markdown_table(["elements", *names], rows))


if __name__ == "__main__":
    main()
