"""Calls gelu_fast in code that numba compiles: python examples/hosts/with_numba.py"""

import numba
import numpy as np

import gelu_fast.numba as gf


@numba.njit
def scaled(x, scale):
    """gelu(scale * x)"""
    return gf.gelu(scale * x)


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
for a, b in zip(x, scaled(x, np.float32(1)), strict=True):
    print(f"{a:.9g} {b:.9g}")
print("twice", twice(x))
print("sums", sums(np.outer(x, x)))
