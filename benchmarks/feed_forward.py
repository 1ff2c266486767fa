"""The blocks of gelu_fast.nn beside the same ones in PyTorch: the largest difference of results and
gradients, and the time, forward and forward with backward, in as many threads.

    python benchmarks/feed_forward.py --tokens 512 --features 384 --hidden 1536
"""

import argparse
import os

THREADS = "1"  # of BLAS; read when it is loaded
os.environ.setdefault("OPENBLAS_NUM_THREADS", THREADS)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from timing import interleaved, quartiles  # noqa: E402
from torch.nn import functional  # noqa: E402

from gelu_fast.nn import FeedForward, GatedFeedForward  # noqa: E402

GELUS = {"gelu": "none", "gelu_tanh": "tanh"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--features", type=int, default=384)
    parser.add_argument("--hidden", type=int, default=1536)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each block")
    arguments = parser.parse_args()
    torch.set_num_threads(int(THREADS))
    for make in (feed_forward, gated):
        compare(arguments, make)
