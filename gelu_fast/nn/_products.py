"""y = x @ w.T + b for matrices, and its gradients. np.matmul passes transposed matrices to BLAS
without a copy.

BLAS computes all rows of a product at once. In blocks of rows, whose hidden layer would stay in
cache, it would rearrange the weights again for each block, which takes longer than the cache saves
(benchmarks/NOTES.md)."""

import numpy as np

from .._core.arrays import Array
from ._memory import Memory

# A product of few rows takes less time if BLAS computes it transposed, because it then rearranges
# the weights in another way: up to half the time in float32, none in float64. The bits are those
# that BLAS gives: with most of its kernels the same, with others not, as for other numbers of rows.
FEW_ROWS = range(2, 49)
LARGE = 1 << 18  # elements of the weights; the cost of a second array matters for smaller ones


def product(x: Array, w: Array, y: Array, memory: Memory) -> None:
    """y = x @ w.T"""
    if is_faster_transposed(x, w):
        np.copyto(y, transposed_product(x, w, memory).T)
    else:
        np.matmul(x, w.T, out=y)


def affine(x: Array, w: Array, b: Array | None, y: Array, memory: Memory) -> None:
    """y = x @ w.T + b"""
    if b is None:
        product(x, w, y, memory)
    elif is_faster_transposed(x, w):
        np.add(transposed_product(x, w, memory).T, b, out=y)
    else:
        np.matmul(x, w.T, out=y)
        np.add(y, b, out=y)


def is_faster_transposed(x: Array, w: Array) -> bool:
    return (
        len(x) in FEW_ROWS
        and w.size >= LARGE
        and x.dtype == np.float32
        and bool(w.flags.c_contiguous)
    )


def transposed_product(x: Array, w: Array, memory: Memory) -> Array:
    """w @ x.T, in a buffer"""
    found = memory.array("transposed product", (len(w), len(x)), x.dtype)
    return np.matmul(w, x.T, out=found)


def parameter_gradients(dy: Array, x: Array, dw: Array, db: Array | None) -> None:
    np.matmul(dy.T, x, out=dw)
    if db is not None:
        np.add.reduce(dy, axis=0, out=db)
