"""Times activations, gates and fused biases, beside PyTorch and beside the separate calls that
gates and fused biases replace.

    python benchmarks/family.py [--isa avx2] [--output benchmarks/results]     (extra `bench`)

All contestants run in turn in one thread and write into existing arrays. The figures are ns per
element of gelu_fast; a ratio is the time of gelu_fast divided by the other time, so gelu_fast is
faster if it is below 1.
"""

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from common import environment  # noqa: E402

WIDTH = 1024  # elements in a row; a bias has one row
SIZES = [2**13, 2**17, 2**25]
UNARY = [
    "relu", "silu", "gelu", "gelu_tanh", "mish", "softplus", "elu", "selu", "hardswish",
    "hardsigmoid",
]  # fmt: skip
BACKWARD = ["silu_backward", "gelu_backward", "mish_backward"]
GATES = {"swiglu": "silu", "geglu": "gelu", "reglu": "relu", "glu": "sigmoid"}
BIASES = {"bias_gelu": "gelu", "bias_silu": "silu"}
SELU = 1.6732632423543772, 1.0507009873554805  # alpha and scale, Klambauer et al., 2017


def contests(n):
    """Returns {name: {contestant: call}} on n float32 elements, in rows of WIDTH."""
    import numpy as np
    from common.inputs import aligned, filled, normal

    import gelu_fast

    x, y, dy = (normal(n, np.dtype("f4"), seed).reshape(-1, WIDTH) for seed in (1, 2, 3))
    b = x[0].copy()
    unbiased = filled((x - b).ravel(), x.dtype).reshape(x.shape)  # unbiased + b is x, rounded
    out, second, between, product = (aligned(n, x.dtype).reshape(x.shape) for _ in range(4))
    made = {}

    def ours(name, *arguments):
        function = getattr(gelu_fast, name)
        made[name] = {"ours": lambda: function(*arguments)}

    def unfused(name, call):
        made[name]["unfused"] = call

    def gate(name, part):
        f, backward = getattr(gelu_fast, part), getattr(gelu_fast, f"{part}_backward")

        def gate_backward():
            np.multiply(dy, y, product)
            backward(product, x, out)
            f(x, between)
            np.multiply(between, dy, second)

        ours(name, x, y, out)
        unfused(name, lambda: np.multiply(f(x, between), y, out))
        ours(f"{name}_backward", dy, x, y, out, second)
        unfused(f"{name}_backward", gate_backward)

    def bias(name, part):
        f, backward = getattr(gelu_fast, part), getattr(gelu_fast, f"{part}_backward")
        ours(name, unbiased, b, out)
        unfused(name, lambda: f(np.add(unbiased, b, between), out))
        ours(f"{name}_backward", dy, unbiased, b, out)
        unfused(f"{name}_backward", lambda: backward(dy, np.add(unbiased, b, between), out))

    for name in UNARY:
        ours(name, x, out)
    for name in BACKWARD:
        ours(name, dy, x, out)
    for name, part in GATES.items():
        gate(name, part)
    for name, part in BIASES.items():
        bias(name, part)
    for name, call in pytorch(x, y, dy, unbiased, b, out, between).items():
        made[name]["PyTorch"] = call
    return made


def pytorch(*arrays):
    """Returns {name: call} of PyTorch's functions that write into an existing tensor."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    x, y, dy, unbiased, b, out, between = map(torch.from_numpy, arrays)
    aten = torch.ops.aten
    functions = {
        "gelu_tanh": lambda t, out: aten.gelu.out(t, approximate="tanh", out=out),
        # relu and selu always make a new tensor; they call these functions
        "relu": lambda t, out: aten.clamp_min.out(t, 0, out=out),
        "selu": lambda t, out: aten.elu.out(t, *SELU, out=out),
    }
    for name in {*UNARY, "sigmoid"} - functions.keys():
        functions[name] = getattr(aten, name).out

    def unary(name):
        return lambda: functions[name](x, out=out)

    def gate(part):
        return lambda: torch.mul(functions[part](x, out=between), y, out=out)

    def bias(part):
        return lambda: functions[part](torch.add(unbiased, b, out=between), out=out)

    return {
        **{name: unary(name) for name in UNARY},
        "silu_backward": lambda: aten.silu_backward.grad_input(dy, x, grad_input=out),
        "gelu_backward": lambda: aten.gelu_backward.grad_input(dy, x, grad_input=out),
        **{name: gate(part) for name, part in GATES.items()},
        **{name: bias(part) for name, part in BIASES.items()},
    }


def measured(n, seconds):
    """Returns {name: {contestant: ns per element}}."""
    from common.timing import interleaved, quartiles

    found = {}
    for name, calls in contests(n).items():
        times = interleaved(calls, seconds)
        found[name] = {who: 1e9 * quartiles(times[who])[1] / n for who in times}
    return found


def cells(result):
    """Returns (header, rows): the time of gelu_fast, and in brackets its ratios to PyTorch and to
    the unfused calls."""
    from reports.report import size_name

    sizes = result["times"]
    header = ["", *(size_name(int(size)) for size in sizes)]
    rows = []
    for name in next(iter(sizes.values())):
        row = [f"`{name}`"]
        for by_name in sizes.values():
            ns = by_name[name]
            ratios = [
                f"{ns['ours'] / ns[who]:.2f}" if who in ns else "-"
                for who in ("PyTorch", "unfused")
            ]
            row.append(f"{ns['ours']:.3f} ({', '.join(ratios)})")
        rows.append(row)
    return header, rows


def main(argv=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--seconds", type=float, default=1.0, help="time for each function and size"
    )
    parser.add_argument("--isa", help="instruction set for gelu_fast; also limits the peers")
    parser.add_argument("--output", type=Path, help="folder for family-ISA.json")
    args = parser.parse_args(argv)
    environment.enter(args.isa)
    from reports import report

    result = {
        "machine": report.machine(),
        "times": {str(n): measured(n, args.seconds) for n in SIZES},
    }
    print(report.markdown_table(*cells(result)))
    if args.output:
        report.save(result, args.output / f"family-{result['machine']['isa']}.json")


if __name__ == "__main__":
    main()
