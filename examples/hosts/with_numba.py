"""Calls gelu_fast in code that numba compiles: python examples/hosts/with_numba.py"""

import numba
import numpy as np

import gelu_fast.numba as gf


@numba.njit
def layer(x, weights, bias):
    """gelu(weights @ x + bias)"""
    return gf.gelu(weights @ x + bias)


@numba.njit(parallel=True)
def sums(x):
    """The sum of swish(row, 1.5) for each row of x, in threads of numba."""
    out = np.empty(x.shape[0], x.dtype)
    for i in numba.prange(x.shape[0]):
        out[i] = gf.swish(x[i], 1.5).sum()
    return out


@numba.vectorize
def twice(x):
    """A ufunc of a number: gelu(gelu(x))."""
    return gf.gelu(gf.gelu(x))


x = np.array([-4, -1, 0, 2], np.float32)
for a, b in zip(x, layer(x, np.eye(4, dtype=np.float32), np.float32(0)), strict=True):
    print(f"{a:.9g} {b:.9g}")
print("twice", twice(x))
print("sums", sums(np.outer(x, x)))
