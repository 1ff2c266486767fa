"""The activations of torch.nn.functional on NumPy arrays: PyTorch's names, arguments and defaults.

>>> import numpy as np
>>> import gelu_fast.functional as F
>>> F.gelu(np.array([-1.0, 0.0, 2.0]), approximate="tanh")
array([-0.15880801,  0.        ,  1.95459769])

The functions have the arguments and defaults of PyTorch 2.13. `input` is an array_like of float16,
bfloat16, float32 or float64, and the result has the same dtype. Integers and booleans are converted
to floats as in `numpy.exp`; some functions of PyTorch keep integers, and others refuse them.

The ufuncs of `gelu_fast` compute the functions. With the default parameters the results have the
error bounds and limits of these ufuncs, except `softplus` in float64, whose default threshold is
20. Other values of `alpha`, `beta` and `threshold` add errors. PyTorch's results differ by rounding
errors, and by more in left tails, where some of its functions lose all digits.

With `inplace=True` a function writes the result to `input`, which must be an array of floats, and
returns `input`. Every function also takes `out=`, an array for the result, as the ufuncs do.

A function raises a TypeError for an argument of a wrong type and for an unsupported dtype, and a
ValueError for a wrong value or shape and for a read-only array. PyTorch raises a RuntimeError in
some of these cases.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from numbers import Real
from types import SimpleNamespace
from typing import Any, Literal, Protocol, SupportsIndex, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike

from ._core import _ufuncs
from ._core.arrays import Array, Dtype

__all__ = [
    "celu",
    "elu",
    "gelu",
    "glu",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "logsigmoid",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softplus",
    "tanh",
]

Number: TypeAlias = float | np.integer[Any] | np.floating[Any]


class Ufuncs(Protocol):
    """An object that has the ufuncs as attributes."""

    def __getattr__(self, name: str) -> Callable[..., Array]: ...


ours = cast(Ufuncs, SimpleNamespace(**_ufuncs.ufuncs()))


# ---- Without parameters


def relu(input: ArrayLike, inplace: bool = False, *, out: Array | None = None) -> Array:
    """max(x, 0), element by element.

    >>> relu([-2.0, 3.0])
    array([0., 3.])
    """
    return ours.relu(input, out=target(input, inplace, out))


def silu(input: ArrayLike, inplace: bool = False, *, out: Array | None = None) -> Array:
    """x * sigmoid(x), element by element.

    >>> silu([-1.0, 0.0, 2.0])
    array([-0.26894142,  0.        ,  1.76159416])
    """
    return ours.silu(input, out=target(input, inplace, out))


def mish(input: ArrayLike, inplace: bool = False, *, out: Array | None = None) -> Array:
    """x * tanh(softplus(x)), element by element.

    >>> mish([-1.0, 0.0, 2.0])
    array([-0.30340146,  0.        ,  1.94395896])
    """
    return ours.mish(input, out=target(input, inplace, out))


def selu(input: ArrayLike, inplace: bool = False, *, out: Array | None = None) -> Array:
    """scale * x for x > 0, otherwise scale * alpha * (exp(x) - 1), element by element.

    scale is 1.05070098... and alpha 1.67326324...

    >>> selu([-1.0, 0.0, 2.0])
    array([-1.11133074,  0.        ,  2.10140197])
    """
    return ours.selu(input, out=target(input, inplace, out))


def hardswish(input: ArrayLike, inplace: bool = False, *, out: Array | None = None) -> Array:
    """x * min(max(x + 3, 0), 6) / 6, element by element.

    >>> hardswish([-4.0, 1.5, 4.0])
    array([-0.   ,  1.125,  4.   ])
    """
    return ours.hardswish(input, out=target(input, inplace, out))


def hardsigmoid(input: ArrayLike, inplace: bool = False, *, out: Array | None = None) -> Array:
    """min(max(x / 6 + 1/2, 0), 1), element by element.

    >>> hardsigmoid([-4.0, 1.5, 4.0])
    array([0.  , 0.75, 1.  ])
    """
    return ours.hardsigmoid(input, out=target(input, inplace, out))


def sigmoid(input: ArrayLike, *, out: Array | None = None) -> Array:
    """1 / (1 + exp(-x)), element by element.

    >>> sigmoid([-1.0, 0.0, 2.0])
    array([0.26894142, 0.5       , 0.88079708])
    """
    return ours.sigmoid(input, out=out)


def tanh(input: ArrayLike, *, out: Array | None = None) -> Array:
    """The hyperbolic tangent, element by element.

    >>> tanh([-1.0, 0.0, 2.0])
    array([-0.76159416,  0.        ,  0.96402758])
    """
    return ours.tanh(input, out=out)


def logsigmoid(input: ArrayLike, *, out: Array | None = None) -> Array:
    """log(sigmoid(x)) = -softplus(-x), element by element.

    >>> logsigmoid([-1.0, 0.0, 2.0])
    array([-1.31326169, -0.69314718, -0.12692801])
    """
    x, dtype, _ = typed(input)
    return given(-ours.softplus(np.negative(x, dtype=dtype)), dtype, out)


# ---- With parameters


def gelu(
    input: ArrayLike, approximate: Literal["none", "tanh"] = "none", *, out: Array | None = None
) -> Array:
    """x * Phi(x), Phi the standard normal distribution function, element by element.

    With approximate="tanh" it is x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) / 2 instead.

    >>> gelu([-1.0, 0.0, 2.0])
    array([-0.15865525,  0.        ,  1.95449974])
    """
    return GELU[checked_approximate(approximate)](input, out=out)


GELU = {"none": ours.gelu, "tanh": ours.gelu_tanh}


def leaky_relu(
    input: ArrayLike,
    negative_slope: Number = 0.01,
    inplace: bool = False,
    *,
    out: Array | None = None,
) -> Array:
    """x for x > 0, otherwise negative_slope * x, element by element.

    The slope is rounded to float32 for float16 and bfloat16, otherwise to the dtype.

    >>> leaky_relu([-2.0, 3.0], 0.25)
    array([-0.5,  3. ])
    """
    slope = number("negative_slope", negative_slope)
    out = target(input, inplace, out)
    x, dtype, wide = typed(input)
    y = np.empty(x.shape, dtype) if out is None else out
    ours.leaky_relu(x, slope, out=y, dtype=wide, casting="same_kind")
    return y if y is out else y[()]


def elu(
    input: ArrayLike, alpha: Number = 1.0, inplace: bool = False, *, out: Array | None = None
) -> Array:
    """x for x > 0, otherwise alpha * (exp(x) - 1), element by element.

    >>> elu([-1.0, 0.0, 2.0])
    array([-0.63212056,  0.        ,  2.        ])
    """
    alpha = number("alpha", alpha)
    out = target(input, inplace, out)
    if alpha == 1:
        return ours.elu(input, out=out)
    x, dtype, wide = typed(input)
    y = ours.elu(x, dtype=wide)
    return given(np.where(x < 0, alpha * np.minimum(y, 0), y), dtype, out)


@np.errstate(over="ignore")
def celu(
    input: ArrayLike, alpha: Number = 1.0, inplace: bool = False, *, out: Array | None = None
) -> Array:
    """x for x > 0, otherwise alpha * (exp(x / alpha) - 1), element by element.

    >>> celu([-1.0, 0.0, 2.0], 0.5)
    array([-0.43233236,  0.        ,  2.        ])
    """
    alpha = nonzero("alpha", alpha)
    out = target(input, inplace, out)
    if alpha == 1:
        return ours.elu(input, out=out)
    x, dtype, wide = typed(input)
    y = alpha * ours.elu(np.divide(np.minimum(x, 0), alpha, dtype=wide))
    return given(np.where(x < 0, y, x), dtype, out)


@np.errstate(over="ignore")
def softplus(
    input: ArrayLike, beta: Number = 1.0, threshold: Number = 20.0, *, out: Array | None = None
) -> Array:
    """log(1 + exp(beta * x)) / beta, but x where beta * x > threshold, element by element.

    The threshold works as in PyTorch. For beta = 1 and x > 20, x differs from the exact value by
    less than 2.1e-9: in float32, float16 and bfloat16 the two round to the same number. In float64
    they do not; `gelu_fast.softplus` has no threshold and stays accurate there.

    >>> softplus([-1.0, 0.0, 30.0])
    array([ 0.31326169,  0.69314718, 30.        ])
    """
    beta, threshold = nonzero("beta", beta), number("threshold", threshold)
    x, dtype, wide = typed(input)
    scaled = np.multiply(x, beta, dtype=wide)
    y = ours.softplus(x) if beta == 1 else ours.softplus(scaled) / beta
    return given(np.where(scaled > threshold, x, y), dtype, out)


def hardtanh(
    input: ArrayLike,
    min_val: Number = -1.0,
    max_val: Number = 1.0,
    inplace: bool = False,
    *,
    out: Array | None = None,
) -> Array:
    """min(max(x, min_val), max_val), element by element.

    >>> hardtanh([-2.0, 0.5, 2.0])
    array([-1. ,  0.5,  1. ])
    """
    low, high = number("min_val", min_val), number("max_val", max_val)
    if low > high:
        raise ValueError(f"min_val must not be greater than max_val; got {low} and {high}")
    out = target(input, inplace, out)
    x, dtype, _ = typed(input)
    low, high = np.array([low, high]).astype(dtype)
    return given(np.minimum(np.maximum(x, low, dtype=dtype), high), dtype, out)


def relu6(input: ArrayLike, inplace: bool = False, *, out: Array | None = None) -> Array:
    """min(max(x, 0), 6), element by element.

    >>> relu6([-2.0, 3.0, 8.0])
    array([0., 3., 6.])
    """
    return hardtanh(input, 0.0, 6.0, inplace, out=out)


def glu(input: ArrayLike, dim: SupportsIndex = -1, *, out: Array | None = None) -> Array:
    """a * sigmoid(b), where a and b are the first and the second half of x along the axis `dim`.

    >>> glu([3.0, 4.0, 0.0, 100.0])
    array([1.5, 4. ])
    """
    x = np.asarray(input)
    try:
        axis = operator.index(dim)
    except TypeError:
        raise TypeError(f"dim must be an integer; got {dim!r}") from None
    if not -x.ndim <= axis < x.ndim:
        raise np.exceptions.AxisError(axis, x.ndim, "dim")
    if x.shape[axis] % 2:
        raise ValueError(f"dim {axis} of input must have an even length; got shape {x.shape}")
    a, b = np.split(x, 2, axis)
    return ours.glu(b, a, out=out)


# ---- Arguments


def target(input: ArrayLike, inplace: bool, out: Array | None) -> Array | None:
    """The array that receives the result, or None: the `out` of a ufunc."""
    if not inplace:
        return out
    if out is not None:
        raise TypeError("out must be None with inplace=True; got an array for it")
    if not isinstance(input, np.ndarray):
        raise TypeError(f"input must be an array with inplace=True; got {type(input).__name__}")
    return input


def typed(input: ArrayLike) -> tuple[Array, Dtype, Dtype]:
    """(array, dtype of the result, dtype in which operations with a parameter are computed).

    The last is float32 for 16-bit dtypes, because rounding the parameter to 16 bits would change
    the result."""
    x = np.asarray(input)
    dtype = ours.gelu(np.empty(0, x.dtype)).dtype  # a TypeError if it is unsupported
    return x, dtype, np.dtype(np.float32) if dtype.itemsize == 2 else dtype


def given(values: ArrayLike, dtype: Dtype, out: Array | None) -> Array:
    """Returns the result as a ufunc does: `out`, or a new array, or a scalar for no dimensions."""
    if out is None:
        return np.asarray(values).astype(dtype, copy=False)[()]
    np.copyto(out, values, casting="same_kind")
    return out


def number(name: str, value: object) -> float:
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a real number; got {value!r}")
    return float(value)


def nonzero(name: str, value: object) -> float:
    found = number(name, value)
    if found == 0:
        raise ValueError(f"{name} must not be zero; got {value!r}")
    return found


def checked_approximate(approximate: object) -> str:
    if not isinstance(approximate, str):
        raise TypeError(f"approximate must be a string; got {type(approximate).__name__}")
    if approximate not in GELU:
        raise ValueError(f"approximate must be 'none' or 'tanh'; got {approximate!r}")
    return approximate
