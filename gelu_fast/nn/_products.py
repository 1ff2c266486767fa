"""y = x @ w.T + b for matrices, and its gradients. np.matmul passes transposed matrices to BLAS
without a copy.

BLAS computes all rows of a product at once. In blocks of rows, whose hidden layer would stay in
cache, it would rearrange the weights again for each block, which takes longer than the cache saves
(benchmarks/NOTES.md)."""

import numpy as np

from .._core.arrays import Array
from ._memory import Memory

# A product of few rows takes less time if its result is in column-major order, because BLAS then
# rearranges the weights in another way: down to half the time in float32, no less in float64. BLAS
# decides the bits: with some of its kernels they are the same, with others they depend on the
# number of rows and on the order.
FEW_ROWS = range(2, 257)
COPIED_ROWS = range(2, 65)  # if the result is then copied to row-major order
LARGE = 1 << 18  # elements of the weights


def prefers_columns(rows: int, w: Array, few: range = FEW_ROWS) -> bool:
    """Whether a product of so many rows and w.T is faster in column-major order."""
    return rows in few and w.size >= LARGE and w.dtype == np.float32 and bool(w.flags.c_contiguous)


def affine(x: Array, w: Array, b: Array | None, y: Array, memory: Memory) -> None:
    """y = x @ w.T + b, for y in row-major order."""
    product = y
    if prefers_columns(len(x), w, COPIED_ROWS):
        product = memory.array("product", (len(w), len(x)), x.dtype).T
    np.matmul(x, w.T, out=product)
    if b is not None:
        np.add(product, b, out=y)
    elif product is not y:
        np.copyto(y, product)


def parameter_gradients(dy: Array, x: Array, dw: Array, db: Array | None) -> None:
    np.matmul(dy.T, x, out=dw)
    if db is not None:
        np.add.reduce(dy, axis=0, out=db)
