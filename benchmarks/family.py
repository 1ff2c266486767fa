"""Activations, gates and fused steps beside PyTorch's and beside the calls that they stand for, in
one run, one thread, results in arrays that exist. Writes a table of ratios.

    python benchmarks/family.py --output benchmarks/results     (extra `bench`)

A ratio is the other's median time over ours: above 1, ours is faster.
"""

import argparse
import os

os.environ["OMP_NUM_THREADS"] = "1"

from pathlib import Path

import numpy as np
from timing import interleaved, quartiles

import gelu_fast as ours
from gelu_fast._dispatch import force_isa

try:
    import torch
    from torch.nn import functional
except ImportError:
    torch = functional = None

UNARY = {
    "relu": "relu", "silu": "silu", "mish": "mish", "softplus": "softplus", "elu": "elu",
    "selu": "selu", "hardswish": "hardswish", "hardsigmoid": "hardsigmoid", "gelu": "gelu",
}  # fmt: skip
GATES = {"swiglu": "silu", "geglu": "gelu", "reglu": "relu", "glu": "sigmoid"}
BIASES = {"bias_gelu": "gelu", "bias_silu": "silu"}
WIDTH = 1024  # of a row, to which a bias is added


def contests(n):
    """{name: {contestant: call}} on n float32 elements."""
    random = np.random.default_rng(1)
    x, y = (random.standard_normal((n // WIDTH, WIDTH)).astype(np.float32) for _ in range(2))
    b, out, between = x[0].copy(), np.empty_like(x), np.empty_like(x)
    made = {}
    for name in UNARY:
        made[name] = {"ours": bind(getattr(ours, name), x, out)}
    for name, part in GATES.items():
        function = getattr(ours, part)
        made[name] = {
            "ours": bind(getattr(ours, name), x, y, out),
            "unfused": lambda f=function: np.multiply(f(x, between), y, out),
        }
    for name, part in BIASES.items():
        function = getattr(ours, part)
        made[name] = {
            "ours": bind(getattr(ours, name), x, b, out),
            "unfused": lambda f=function: f(np.add(x, b, between), out),
        }
    if torch:
        torch.set_num_threads(1)
        tx, ty, tb = torch.from_numpy(x), torch.from_numpy(y), torch.from_numpy(b)
        for name, peer in UNARY.items():
            made[name]["torch"] = bind(inference(getattr(functional, peer)), tx)
        for name, part in GATES.items():
            function = torch.sigmoid if part == "sigmoid" else getattr(functional, part)
            made[name]["torch"] = bind(inference(lambda f=function: f(tx).mul_(ty)))
        for name, part in BIASES.items():
            function = getattr(functional, part)
            made[name]["torch"] = bind(inference(lambda f=function: f(tx + tb)))
    return made


def bind(function, *arguments):
    return lambda: function(*arguments)


def inference(function):
    """PyTorch without the bookkeeping of gradients."""

    def call(*arguments):
        with torch.inference_mode():
            return function(*arguments)

    return call


def ratios(n, seconds):
    """{name: {contestant: ratio}}"""
    found = {}
    for name, calls in contests(n).items():
        times = interleaved(calls, seconds)
        medians = {who: quartiles(times[who])[1] for who in times}
        found[name] = {who: medians[who] / medians["ours"] for who in medians if who != "ours"}
        found[name]["ns"] = medians["ours"] / n * 1e9
    return found


def table(sizes, found):
    yield (
        "| function | "
        + " | ".join(f"{label}: ns | PyTorch / ours | two calls / ours" for label in sizes)
        + " |"
    )
    yield "|---" * (1 + 3 * len(sizes)) + "|"
    for name in found[0]:
        cells = []
        for row in (by_name[name] for by_name in found):
            cells.append(f"{row['ns']:.3f}")
            cells += [f"{row[who]:.2f}" if who in row else "" for who in ("torch", "unfused")]
        yield f"| {name} | " + " | ".join(cells) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each function and size")
    parser.add_argument("--isa", default=ours.isa(), help="instruction set of ours")
    parser.add_argument("--output", type=Path, help="folder for the table")
    arguments = parser.parse_args()
    sizes = {"in cache (2^17)": 1 << 17, "out of cache (2^25)": 1 << 25}
    with force_isa(arguments.isa):
        found = [ratios(n, arguments.seconds) for n in sizes.values()]
    version = f", PyTorch {torch.__version__}" if torch else ""
    lines = [f"float32, one thread, {arguments.isa}{version}", "", *table(sizes, found)]
    print("\n".join(lines))
    if arguments.output:
        path = arguments.output / f"family-{arguments.isa}.md"
        path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
