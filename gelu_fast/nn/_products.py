"""y = x @ w.T + b for matrices, and its gradients. np.matmul passes transposed matrices to BLAS
without a copy."""

import numpy as np

from .._core.arrays import Array


def affine(x: Array, w: Array, b: Array | None, y: Array) -> None:
    np.matmul(x, w.T, out=y)
    if b is not None:
        np.add(y, b, out=y)


def parameter_gradients(dy: Array, x: Array, dw: Array, db: Array | None) -> None:
    np.matmul(dy.T, x, out=dw)
    if db is not None:
        np.add.reduce(dy, axis=0, out=db)
