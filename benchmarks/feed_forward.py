"""Compares the blocks of gelu_fast.nn with the same blocks in PyTorch: the time and the largest
difference, for inference and for a training step (forward and backward).

    python benchmarks/feed_forward.py --tokens 512 --features 384 --hidden 1536
    OPENBLAS_NUM_THREADS=2 python benchmarks/feed_forward.py --tokens 8 48 --inference

gelu_fast, its BLAS and PyTorch all have as many threads as OPENBLAS_NUM_THREADS says, 1 by default.
In one thread the times are those of the CPU, which other programs disturb less.
"""

import argparse
import os
import time

# NumPy and gelu_fast read these when they are imported.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ.get("OPENBLAS_NUM_THREADS", "1")
os.environ["GELU_FAST_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"]

import numpy as np
import torch
from common.timing import interleaved, quartiles
from torch.nn import functional

from gelu_fast.nn import FeedForward, GatedFeedForward

THREADS = int(os.environ["OPENBLAS_NUM_THREADS"])
PAUSE = 0.05  # seconds; threads of OpenBLAS wait for work for about 30 ms


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, nargs="+", default=[512])
    parser.add_argument("--features", type=int, default=384)
    parser.add_argument("--hidden", type=int, default=1536)
    parser.add_argument("--inference", action="store_true", help="no training steps")
    parser.add_argument("--seconds", type=float, default=5.0, help="time for each block")
    parser.add_argument("--rounds", type=int, default=7, help="least rounds for each block")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    print(f"{arguments.features} features, {arguments.hidden} hidden, threads: {THREADS}")
    for tokens in arguments.tokens:
        print(f"{tokens} tokens")
        for name in ("gelu", "gelu_tanh"):
            compare(f"FeedForward, {name}", *feed_forward(arguments, name), arguments, tokens)
        for name in ("gelu", "gelu_tanh", "silu"):
            compare(f"GatedFeedForward, {name}", *gated(arguments, name), arguments, tokens)


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


def compare(title, block, peer, arguments, tokens):
    x, dy = (numbers(seed, tokens, arguments.features) for seed in (5, 6))
    y = block.forward(x)
    tensors = [torch.from_numpy(a).requires_grad_() for a in (x, *block.parameters.values())]

    def torch_infers():
        with torch.no_grad():
            return peer(*tensors)

    calls = {
        "inference": lambda: block.forward(x, y, inference=True),
        "inference, PyTorch": torch_infers,
    }
    pairs = [(y, torch_infers())]
    if not arguments.inference:
        found = block.backward(dy)
        incoming = torch.from_numpy(dy)

        def ours_trains():
            block.forward(x, y)
            block.backward(dy, found)

        def torch_trains():
            return torch.autograd.grad(peer(*tensors), tensors, incoming)

        calls |= {"training step": ours_trains, "training step, PyTorch": torch_trains}
        pairs += zip((found[0], *found[1].values()), torch_trains(), strict=True)
    difference = max(relative(ours, theirs.numpy()) for ours, theirs in pairs)
    print(f"{title}: largest difference {difference:.1e} of the largest value")
    how = (PAUSE, time.perf_counter) if THREADS > 1 else (0.0, time.thread_time)
    times = interleaved(calls, arguments.seconds, arguments.rounds, *how)
    medians = {name: quartiles(t)[1] for name, t in times.items()}
    for name in list(calls)[::2]:
        ours, theirs = medians[name], medians[f"{name}, PyTorch"]
        print(
            f"  {name:14} {1e3 * ours:7.2f} ms, PyTorch {1e3 * theirs:7.2f} ms"
            f" ({ours / theirs:.2f})",
            flush=True,
        )


def relative(ours, theirs):
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


if __name__ == "__main__":
    main()
