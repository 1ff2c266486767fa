"""Blocks of gelu_fast.nn with random parameters, for tests."""

import numpy as np

from gelu_fast._core import _ufuncs
from gelu_fast.nn import FeedForward, GatedFeedForward, Linear

OURS = _ufuncs.ufuncs()
ACTIVATIONS = [x for x, f in OURS.items() if f.nin == 1 and f"{x}_backward" in OURS]
IN, HIDDEN, OUT = 4, 7, 3


def numbers(seed, *shape, dtype=np.float64):
    """Normal numbers, rounded to multiples of 2^-12: their sums with the steps of the tests are
    exact."""
    found = np.random.default_rng(seed).standard_normal(shape)
    return (np.rint(found * 2**12) / 2**12).astype(dtype)


def linear(dtype=np.float64):
    return Linear(numbers(1, OUT, IN, dtype=dtype), numbers(2, OUT, dtype=dtype))


def feed_forward(dtype=np.float64, activation="gelu", biases=True):
    w1, w2 = numbers(3, HIDDEN, IN, dtype=dtype), numbers(4, OUT, HIDDEN, dtype=dtype)
    b1, b2 = numbers(5, HIDDEN, dtype=dtype), numbers(6, OUT, dtype=dtype)
    return FeedForward(w1, b1 if biases else None, w2, b2 if biases else None, activation)


def gated(dtype=np.float64, activation="gelu", biases=False):
    w_gate, w_up = (numbers(seed, HIDDEN, IN, dtype=dtype) for seed in (7, 8))
    sizes = {"b_gate": HIDDEN, "b_up": HIDDEN, "b_down": OUT} if biases else {}
    others = {n: numbers(12 + i, size, dtype=dtype) for i, (n, size) in enumerate(sizes.items())}
    down = numbers(9, OUT, HIDDEN, dtype=dtype)
    return GatedFeedForward(w_gate, w_up, down, activation, **others)


MAKERS = {"Linear": linear, "FeedForward": feed_forward, "GatedFeedForward": gated}
