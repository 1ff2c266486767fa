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
20. The functions with other parameters say how large their errors are. PyTorch's results differ by
rounding errors, and by more in left tails, where some of its functions lose all digits.

Every function keeps what ufuncs keep: the masks of NumPy's masked arrays, the index and the missing
values of pandas, the labels of xarray, arrays of Dask that are not yet computed, subclasses. Only
`glu` cannot take everything, because it needs the shape of `input`.

With `inplace=True` a function writes the result to `input`, which must be an array of floats, and
returns `input`. Every function also takes `out=`, an array for the result or a tuple of one, as the
ufuncs do.

A function raises a TypeError for an argument of a wrong type and for an unsupported dtype, and a
ValueError for a wrong value or shape and for a read-only array. PyTorch raises a RuntimeError in
some of these cases.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from types import SimpleNamespace
from typing import Any, Literal, Protocol, SupportsIndex, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike

from ._core import _ufuncs
from ._core.arrays import Array
from ._core.containers import combined
from ._expressions.ufuncs import bound
from ._gates.halves import halves

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
Out: TypeAlias = Array | tuple[Array]


class Ufuncs(Protocol):
    """An object that has the ufuncs as attributes."""

    def __getattr__(self, name: str) -> Callable[..., Array]: ...


ours = cast(Ufuncs, SimpleNamespace(**_ufuncs.ufuncs()))


# ---- Without parameters


def relu(input: ArrayLike, inplace: bool = False, *, out: Out | None = None) -> Array:
    """max(x, 0), element by element.

    >>> relu([-2.0, 3.0])
    array([0., 3.])
    """
    return ours.relu(input, out=target(input, inplace, out))


def silu(input: ArrayLike, inplace: bool = False, *, out: Out | None = None) -> Array:
    """x * sigmoid(x), element by element.

    >>> silu([-1.0, 0.0, 2.0])
    array([-0.26894142,  0.        ,  1.76159416])
    """
    return ours.silu(input, out=target(input, inplace, out))


def mish(input: ArrayLike, inplace: bool = False, *, out: Out | None = None) -> Array:
    """x * tanh(softplus(x)), element by element.

    >>> mish([-1.0, 0.0, 2.0])
    array([-0.30340146,  0.        ,  1.94395896])
    """
    return ours.mish(input, out=target(input, inplace, out))


def selu(input: ArrayLike, inplace: bool = False, *, out: Out | None = None) -> Array:
    """scale * x for x > 0, otherwise scale * alpha * (exp(x) - 1), element by element.

    scale is 1.05070098... and alpha 1.67326324...

    >>> selu([-1.0, 0.0, 2.0])
    array([-1.11133074,  0.        ,  2.10140197])
    """
    return ours.selu(input, out=target(input, inplace, out))


def hardswish(input: ArrayLike, inplace: bool = False, *, out: Out | None = None) -> Array:
    """x * min(max(x + 3, 0), 6) / 6, element by element.

    >>> hardswish([-4.0, 1.5, 4.0])
    array([-0.   ,  1.125,  4.   ])
    """
    return ours.hardswish(input, out=target(input, inplace, out))


def hardsigmoid(input: ArrayLike, inplace: bool = False, *, out: Out | None = None) -> Array:
    """min(max(x / 6 + 1/2, 0), 1), element by element.

    >>> hardsigmoid([-4.0, 1.5, 4.0])
    array([0.  , 0.75, 1.  ])
    """
    return ours.hardsigmoid(input, out=target(input, inplace, out))


def sigmoid(input: ArrayLike, *, out: Out | None = None) -> Array:
    """1 / (1 + exp(-x)), element by element.

    >>> sigmoid([-1.0, 0.0, 2.0])
    array([0.26894142, 0.5       , 0.88079708])
    """
    return ours.sigmoid(input, out=checked_out(out))


def tanh(input: ArrayLike, *, out: Out | None = None) -> Array:
    """The hyperbolic tangent, element by element.

    >>> tanh([-1.0, 0.0, 2.0])
    array([-0.76159416,  0.        ,  0.96402758])
    """
    return ours.tanh(input, out=checked_out(out))


def logsigmoid(input: ArrayLike, *, out: Out | None = None) -> Array:
    """log(sigmoid(x)) = -softplus(-x), element by element.

    >>> logsigmoid([-1.0, 0.0, 2.0])
    array([-1.31326169, -0.69314718, -0.12692801])
    """
    return cast(Array, bound("logsigmoid")(input, out=checked_out(out)))


# ---- With parameters


def gelu(
    input: ArrayLike, approximate: Literal["none", "tanh"] = "none", *, out: Out | None = None
) -> Array:
    """x * Phi(x), Phi the standard normal distribution function, element by element.

    With approximate="tanh" it is x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) / 2 instead.

    >>> gelu([-1.0, 0.0, 2.0])
    array([-0.15865525,  0.        ,  1.95449974])
    """
    return GELU[checked_approximate(approximate)](input, out=checked_out(out))


GELU = {"none": ours.gelu, "tanh": ours.gelu_tanh}


def leaky_relu(
    input: ArrayLike,
    negative_slope: Number = 0.01,
    inplace: bool = False,
    *,
    out: Out | None = None,
) -> Array:
    """x for x > 0, otherwise negative_slope * x, element by element.

    The slope is rounded to float32 for float16 and bfloat16, otherwise to the dtype.

    >>> leaky_relu([-2.0, 3.0], 0.25)
    array([-0.5,  3. ])
    """
    slope = number("negative_slope", negative_slope)
    return cast(Array, bound("leaky_relu", slope)(input, out=target(input, inplace, out)))


def elu(
    input: ArrayLike, alpha: Number = 1.0, inplace: bool = False, *, out: Out | None = None
) -> Array:
    """x for x > 0, otherwise alpha * (exp(x) - 1), element by element.

    With another alpha than 1 the result is within 5 ULP in float64, and within 0.51 ULP in float32,
    bfloat16 and float16.

    >>> elu([-1.0, 0.0, 2.0])
    array([-0.63212056,  0.        ,  2.        ])
    """
    alpha = number("alpha", alpha)
    out = target(input, inplace, out)
    if alpha == 1:
        return ours.elu(input, out=out)
    return cast(Array, bound("elu", alpha)(input, out=out))


def celu(
    input: ArrayLike, alpha: Number = 1.0, inplace: bool = False, *, out: Out | None = None
) -> Array:
    """x for x > 0, otherwise alpha * (exp(x / alpha) - 1), element by element.

    With another alpha than 1 the result is within 5 ULP in float64, or 10 ULP if alpha is negative,
    and within 0.51 ULP in float32, bfloat16 and float16. alpha = inf gives the limit, x.

    >>> celu([-1.0, 0.0, 2.0], 0.5)
    array([-0.43233236,  0.        ,  2.        ])
    """
    alpha = nonzero("alpha", alpha)
    out = target(input, inplace, out)
    if alpha == 1:
        return ours.elu(input, out=out)
    return cast(Array, bound("celu", alpha)(input, out=out))


def softplus(
    input: ArrayLike, beta: Number = 1.0, threshold: Number = 20.0, *, out: Out | None = None
) -> Array:
    """log(1 + exp(beta * x)) / beta, but x where beta * x > threshold, element by element.

    The threshold works as in PyTorch. For beta = 1 and x > 20, x differs from the exact value by
    less than 2.1e-9: in float32, float16 and bfloat16 the two round to the same number. In float64
    they do not; `gelu_fast.softplus` has no threshold and stays accurate there.

    With another beta than 1, and where beta * x is not above the threshold, the result is within 5
    ULP in float64, and within 0.51 ULP in float32, bfloat16 and float16.

    >>> softplus([-1.0, 0.0, 30.0])
    array([ 0.31326169,  0.69314718, 30.        ])
    """
    beta, threshold = nonzero("beta", beta), number("threshold", threshold)
    return cast(Array, bound("softplus", beta, threshold)(input, out=checked_out(out)))


def hardtanh(
    input: ArrayLike,
    min_val: Number = -1.0,
    max_val: Number = 1.0,
    inplace: bool = False,
    *,
    out: Out | None = None,
) -> Array:
    """min(max(x, min_val), max_val), element by element.

    >>> hardtanh([-2.0, 0.5, 2.0])
    array([-1. ,  0.5,  1. ])
    """
    low, high = number("min_val", min_val), number("max_val", max_val)
    if low > high:
        raise ValueError(f"min_val must not be greater than max_val; got {low} and {high}")
    return cast(Array, bound("hardtanh", low, high)(input, out=target(input, inplace, out)))


def relu6(input: ArrayLike, inplace: bool = False, *, out: Out | None = None) -> Array:
    """min(max(x, 0), 6), element by element.

    >>> relu6([-2.0, 3.0, 8.0])
    array([0., 3., 6.])
    """
    return hardtanh(input, 0.0, 6.0, inplace, out=out)


def glu(input: ArrayLike, dim: SupportsIndex = -1, *, out: Out | None = None) -> Array:
    """a * sigmoid(b), where a and b are the first and the second half of x along the axis `dim`.

    >>> glu([3.0, 4.0, 0.0, 100.0])
    array([1.5, 4. ])
    """
    a, b = halves(input, dim, "dim", "input")
    return cast(Array, combined(ours.glu, b, a, checked_out(out)))


# ---- Arguments


def target(input: ArrayLike, inplace: bool, out: Out | None) -> Out | None:
    """The array that receives the result, or None: the `out` of a ufunc."""
    if not isinstance(inplace, bool | np.bool_):
        raise TypeError(f"inplace must be a boolean; got {type(inplace).__name__}")
    if not inplace:
        return checked_out(out)
    if out is not None:
        raise TypeError("out must be None with inplace=True; got an array for it")
    if not isinstance(input, np.ndarray):
        raise TypeError(f"input must be an array with inplace=True; got {type(input).__name__}")
    return input


def checked_out(out: Out | None) -> Out | None:
    [found] = out if isinstance(out, tuple) and len(out) == 1 else (out,)
    if found is not None and not hasattr(type(found), "__array_ufunc__"):
        raise TypeError(f"out must be an array or a tuple of one array; got {type(out).__name__}")
    return out


def number(name: str, value: object) -> float:
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a real number; got {value!r}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name} must be in the range of float64; got a larger number") from None


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
