"""The random gate whose mean is GELU."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike

from .._core._ufuncs import ufuncs
from .._core.arrays import Array, Dtype, Scalar
from .._core.containers import (
    by_columns,
    column_dtypes,
    has_own_columns,
    is_container,
    is_of_polars,
    length,
    shape_of,
)
from .._expressions import ufuncs as expressions

# This name differs from the ufunc's own, because NumPy before 2.2 pickles a ufunc as a member of
# any module that has it under its own name.
mean = ufuncs()["gelu"]

BLOCK = 1 << 14  # a block and its draws fit into a core's own cache


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
    out: Array | tuple[Array] | None = None,
) -> Array: ...
def gelu_stochastic(
    x: ArrayLike,
    rng: np.random.Generator | None,
    *,
    expected: bool = False,
    out: Array | tuple[Array] | None = None,
) -> Any:
    """x * Bernoulli(Phi(x)): keep each x with probability Phi(x), otherwise make it zero.

    Phi is the standard normal distribution function. The mean over all draws is gelu(x): GELU is
    the expectation of this stochastic regularizer.

    Parameters
    ----------
    x : array_like
        An array of float16, bfloat16, float32 or float64. Integers and booleans are converted to
        floats as in `numpy.exp`.
    rng : numpy.random.Generator
        The generator of the draws. A seed is not allowed, because every call with the same seed
        would draw the same gates. With `expected=True` it may be None, because nothing is drawn.
    expected : bool, optional
        True returns the mean over all draws, gelu(x), bit for bit.
    out : numpy.ndarray, optional
        The array that receives the results, of the shape of x, or a tuple of it. It may be x
        itself.

    Returns
    -------
    ndarray or scalar
        out, or a new array of the shape and dtype of x.

    Raises
    ------
    TypeError
        If rng is not a Generator, `gelu` does not support the dtype of x, out is not an array, or
        the results cannot be cast to the dtype of out.
    ValueError
        If out has another shape than x, or is read-only. Nothing is drawn in this case.

    Notes
    -----
    Masked arrays keep their masks, and arrays of pandas, xarray, Dask and others stay what they
    are. All their numbers are drawn before the gates are computed, also for masked and missing
    elements.

    Zeros have the sign of x, as in x * 0. The result is inf at inf, -0.0 at -inf and NaN at NaN.

    Every element, whatever its value, uses exactly one float64 number of `rng.random()`, in C order
    for all strides. The same seed therefore gives the same result for every memory layout. The
    function keeps x if the draw is less than Phi(x), which it computes in float64. Draws are
    multiples of 2^-53, so the probability is Phi(x) rounded up to such a multiple: it is too large
    by less than 2^-53, about 1e-16. Below x = -8.2, where Phi(x) is less than 2^-53, the
    probability is 2^-53, and from -38.6 down it is 0. The instruction sets compute Phi within 2 ULP
    but not with the same bits, so that a gate may differ between them, about once in 1e15 draws.

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
    [out] = out if isinstance(out, tuple) and len(out) == 1 else (out,)
    if not is_container(x):
        x = np.asarray(x)
    dtype = None
    if isinstance(x, np.ndarray):
        dtype = mean(np.empty(0, x.dtype)).dtype  # a TypeError if it is unsupported
        check_out(out, x.shape, dtype)
    if expected:
        return mean(x) if out is None else mean(x, out=out)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator; got {type(rng).__name__}")
    if type(x) is not np.ndarray:
        return gate_of_container(x, rng, out)
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
        draws = np.empty(min(BLOCK, x.size))
        for values, kept in blocks:
            block = rng.random(out=draws[: values.size])
            expressions.stochastic(values, block, out=kept)
    return result if out is not None else result[()]


def gate_of_container(x: Any, rng: np.random.Generator, out: Any) -> Any:
    """The result in the container of x. All numbers are drawn before its ufunc is called."""
    shape = tuple(length("x", x, axis) for axis in range(len(shape_of("x", x))))
    if out is not None and is_of_polars(x):
        raise TypeError(f"out must be None for an array of polars; got {type(out).__name__}")
    draws: Any = rng.random(shape)
    if is_of_polars(x):  # it combines its arrays only with its own, and in the widest dtype
        found = expressions.stochastic(x, type(x)(draws))
        return found.cast(x.dtype) if x.dtype.is_float() else found
    if out is not None:
        return expressions.stochastic(x, draws, out=out)
    if has_own_columns(x) or len(column_dtypes(x)) > 1:
        return by_columns(expressions.stochastic, x, draws)
    return expressions.stochastic(x, draws)


def check_out(out: Array | None, shape: tuple[int, ...], dtype: Dtype) -> None:
    if out is None:
        return
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an array; got {type(out).__name__}")
    if out.shape != shape:
        raise ValueError(f"out must have the shape of x, {shape}; got {out.shape}")
    if not np.can_cast(dtype, out.dtype, "same_kind"):
        raise TypeError(f"out must have a dtype to which {dtype} can be cast; got {out.dtype}")
    if not out.flags.writeable:
        raise ValueError("out must be writable; got a read-only array")
