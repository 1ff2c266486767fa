"""Operators of ONNX that onnx.reference computes slowly, on NumPy arrays. The parameters after the
`*` are their attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import functional
from .._core import _ufuncs
from .._core.arrays import Array

UFUNCS = _ufuncs.ufuncs()

# What ONNX defines as default: the constants of the paper, rounded to float32.
ALPHA, GAMMA = 1.67326319217681884765625, 1.05070102214813232421875


def relu(x: Array) -> Array:
    if x.dtype.kind in "iu":  # which the ufunc converts to floats
        result: Array = np.maximum(x, x.dtype.type(0))
        return result
    return functional.relu(x)


def selu(x: Array, *, alpha: float, gamma: float) -> Array:
    if (alpha, gamma) == (ALPHA, GAMMA):
        return functional.selu(x)
    with np.errstate(all="ignore"):
        wide = functional.elu(x.astype(np.float64), alpha) * gamma
        result: Array = wide.astype(x.dtype)
    return result


def swish(x: Array, *, alpha: float) -> Array:
    if alpha == 1:
        return functional.silu(x)
    # alpha is a float32, which a 16-bit type would round.
    wide = np.dtype(np.float32) if x.itemsize == 2 else x.dtype
    result: Array = UFUNCS["swish"](x.astype(wide), wide.type(alpha)).astype(x.dtype)
    return result


STANDARD: dict[str, Callable[..., Any]] = {
    "Elu": lambda x, *, alpha: functional.elu(x, alpha),
    "Erf": UFUNCS["erf"],
    "Gelu": lambda x, *, approximate: functional.gelu(x, approximate),
    "HardSwish": functional.hardswish,
    "LeakyRelu": lambda x, *, alpha: functional.leaky_relu(x, alpha),
    "Mish": functional.mish,
    "Relu": relu,
    "Selu": selu,
    "Sigmoid": functional.sigmoid,
    "Softplus": UFUNCS["softplus"],
    "Swish": swish,
    "Tanh": functional.tanh,
}
