"""The random gate that GELU is the mean of."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from .._core._ufuncs import ufuncs
from .._core.arrays import Array, Dtype, Scalar

# Not under their own names: NumPy before 2.2 pickles a ufunc as part of any module that has it so.
mean, chance = (ufuncs()[name] for name in ("gelu", "ndtr"))

BLOCK = 1 << 14  # numbers and their draws stay in a core's own cache


@overload
def gelu_stochastic(
    x: Scalar, rng: np.random.Generator | None, *, expected: bool = False, out: None = None
) -> Any: ...
@overload
def gelu_stochastic(
    x: ArrayLike,
    rng: np.random.Generator | None,
    *,
    expected: bool = False,
    out: Array | None = None,
) -> Array: ...
def gelu_stochastic(
    x: ArrayLike,
    rng: np.random.Generator | None,
    *,
    expected: bool = False,
    out: Array | None = None,
) -> Any:
    """x * Bernoulli(Phi(x)): each x is kept with probability Phi(x), and else is zero.

    The mean over draws is gelu(x): this is the regularizer of which GELU is the expectation. Phi is
    the standard normal distribution function.

    Parameters
    ----------
    x : array_like
        Of float16, bfloat16, float32 or float64; integers and booleans become floats as in
        `numpy.exp`.
    rng : numpy.random.Generator
        Where the draws come from. A seed is refused: the same one would draw the same gates in
        every call. With `expected` nothing is drawn, and None will do.
    expected : bool, optional
        The mean over all draws instead of one of them: `gelu`, to the last bit.
    out : numpy.ndarray, optional
        Where the results go, of the shape of x; it may be x itself.

    Returns
    -------
    ndarray or scalar
        out, or a new array of the shape and dtype of x.

    Raises
    ------
    TypeError
        If rng is no Generator, for dtypes that `gelu` does not take, and for an out that is no
        array or cannot hold the results.
    ValueError
        If the shape of out is not that of x, or out is read-only. Nothing has been drawn then.

    Notes
    -----
    Zeroes have the sign of x, as in x * 0, and there is no inf * 0: the result is inf at inf, -0.0
    at -inf, NaN at NaN.

    Each element takes exactly one `rng.random()` of float64, in C order whatever the strides are
    and whatever the value is, so that one seed gives one result at any layout. x is kept where the
    draw is less than Phi(x), computed in float64. Draws are multiples of 2^-53, so the probability
    is Phi(x) rounded up to one: too large by less than 2^-53, about 1e-16. Below x = -8.2, where
    Phi(x) is less than that, it is 2^-53, and 0 from -38.6 down. Phi is within 2 ULP on every
    instruction set, not the same in each bit: there a gate may differ, once in 1e15 draws or so.

    References
    ----------
    Hendrycks and Gimpel, Gaussian Error Linear Units, arXiv:1606.08415, section 2.

    Examples
    --------
    >>> import numpy as np, gelu_fast
    >>> rng = np.random.default_rng(0)
    >>> gelu_fast.gelu_stochastic(np.array([-1.0, -1.0, 0.5, 3.0]), rng)
    array([-0. , -0. ,  0.5,  3. ])
    >>> gelu_fast.gelu_stochastic(np.array([-1.0, 3.0]), None, expected=True)
    array([-0.15865525,  2.99595031])
    """
    x = np.asarray(x)
    dtype = mean(np.empty(0, x.dtype)).dtype  # a TypeError for those that it does not take
    check_out(out, x.shape, dtype)
    if expected:
        return mean(x, out=out)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator; got {type(rng).__name__}")
    result = np.empty(x.shape, dtype) if out is None else out
    with np.nditer(
        [x, result],
        flags=["external_loop", "buffered", "zerosize_ok", "copy_if_overlap"],
        op_flags=[["readonly"], ["writeonly"]],
        op_dtypes=[dtype, dtype],
        order="C",
        casting="same_kind",
        buffersize=BLOCK,
    ) as blocks:
        draws, chances = np.empty((2, min(BLOCK, x.size)))
        for values, kept in blocks:
            n = values.size
            rng.random(out=draws[:n])
            chance(values, out=chances[:n], dtype=np.float64)
            dropped = draws[:n] >= chances[:n]  # no NaN is
            kept[...] = np.where(dropped, np.copysign(dtype.type(0), values), values)
    return result if out is not None else result[()]


def check_out(out: Array | None, shape: tuple[int, ...], dtype: Dtype) -> None:
    if out is None:
        return
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an array; got {type(out).__name__}")
    if out.shape != shape:
        raise ValueError(f"out must have the shape of x, {shape}; got {out.shape}")
    if not np.can_cast(dtype, out.dtype, "same_kind"):
        raise TypeError(f"out must be of a dtype that {dtype} casts to; got {out.dtype}")
    if not out.flags.writeable:
        raise ValueError("out must be writable; got a read-only array")
