"""Compares the blocks of gelu_fast.nn with the same blocks in PyTorch: the time and the largest
difference, for inference and for a training step (forward and backward), in one thread.

    python benchmarks/feed_forward.py --tokens 512 --features 384 --hidden 1536
"""

import argparse
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # NumPy reads it when it is imported

import numpy as np
import torch
from common.timing import interleaved, quartiles
from torch.nn import functional

from gelu_fast.nn import FeedForward, GatedFeedForward


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--features", type=int, default=384)
    parser.add_argument("--hidden", type=int, default=1536)
    parser.add_argument("--seconds", type=float, default=5.0, help="time for each block")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{arguments.tokens} tokens, {arguments.features} features, {arguments.hidden} hidden")
    for name in ("gelu", "gelu_tanh"):
        compare(f"FeedForward, {name}", *feed_forward(arguments, name), arguments)
    for name in ("gelu", "gelu_tanh", "silu"):
        compare(f"GatedFeedForward, {name}", *gated(arguments, name), arguments)


TORCH = {
    "gelu": functional.gelu,
    "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "silu": functional.silu,
}


def numbers(seed, *shape):
    """Returns random numbers, scaled so that features stay near 1."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)


def feed_forward(sizes, activation):
    """Returns (block, the same block as a function of tensors)."""
    arrays = (
        numbers(1, sizes.hidden, sizes.features),
        numbers(2, sizes.hidden),
        numbers(3, sizes.features, sizes.hidden),
        numbers(4, sizes.features),
    )

    def peer(x, w1, b1, w2, b2):
        hidden = TORCH[activation](functional.linear(x, w1, b1))
        return functional.linear(hidden, w2, b2)

    return FeedForward(*arrays, activation), peer


def gated(sizes, activation):
    arrays = (
        numbers(1, sizes.hidden, sizes.features),
        numbers(2, sizes.hidden, sizes.features),
        numbers(3, sizes.features, sizes.hidden),
    )

    def peer(x, w_gate, w_up, w_down):
        gate = TORCH[activation](functional.linear(x, w_gate))
        return functional.linear(gate * functional.linear(x, w_up), w_down)

    return GatedFeedForward(*arrays, activation), peer


def compare(title, block, peer, sizes):
    x, dy = (numbers(seed, sizes.tokens, sizes.features) for seed in (5, 6))
    y = block.forward(x)
    found = block.backward(dy)
    tensors = [torch.from_numpy(a).requires_grad_() for a in (x, *block.parameters.values())]
    incoming = torch.from_numpy(dy)

    def ours_trains():
        block.forward(x, y)
        block.backward(dy, found)

    def torch_infers():
        with torch.no_grad():
            return peer(*tensors)

    def torch_trains():
        result = peer(*tensors)
        return result, *torch.autograd.grad(result, tensors, incoming)

    pairs = zip((y, found[0], *found[1].values()), torch_trains(), strict=True)
    difference = max(relative(ours, theirs.detach().numpy()) for ours, theirs in pairs)
    print(f"{title}: largest difference {difference:.1e} of the largest value")
    calls = {
        "inference": lambda: block.forward(x, y, inference=True),
        "inference, PyTorch": torch_infers,
        "training step": ours_trains,
        "training step, PyTorch": torch_trains,
    }
    times = {name: quartiles(t)[1] for name, t in interleaved(calls, sizes.seconds).items()}
    for name in ("inference", "training step"):
        ours, theirs = times[name], times[f"{name}, PyTorch"]
        print(
            f"  {name:14} {1e3 * ours:7.2f} ms, PyTorch {1e3 * theirs:7.2f} ms"
            f" ({ours / theirs:.2f})"
        )


def relative(ours, theirs):
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


if __name__ == "__main__":
    main()
