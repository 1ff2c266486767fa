"""`which_gelu` finds the function and the formula that computed stored activations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._core import dtypes
from .._core.arrays import Array, Doubles
from .._core.table import ROWS
from .formulas import candidates

NAMES = dict.fromkeys(row.dtype for row in ROWS)
DTYPES = [np.dtype(name) for name in NAMES if dtypes.is_here(name)]
BLOCK = 1 << 15
# Two candidates share a rank unless their sums of differing bits are further apart than this many
# bits and this many standard errors.
LEAST_BITS = 20
STANDARD_ERRORS = 4


@dataclass(frozen=True)
class GeluMatch:
    """A candidate for the function that computed y from x, and its distance from y."""

    rank: int  # 1 is the best; candidates that the data cannot distinguish share a rank
    function: str  # its name for `gelu_fast.activation`
    formula: str  # "correctly rounded", or a formula of a framework
    steps: str  # "exact", or the dtype to which each step is rounded
    seen_in: str  # examples of programs that use this formula with these steps
    bits: float  # mean of log2(1 + distance); distances count numbers of the dtype
    equal: float  # fraction of elements that are equal
    max_abs: float  # the largest difference
    max_ulp: int  # the largest distance


def which_gelu(x: ArrayLike, y: ArrayLike) -> list[GeluMatch]:
    """Find the activation function, and the formula, that computed y from x.

    Parameters
    ----------
    x, y : array_like
        Inputs and outputs of an activation, of the same shape and the same dtype: float16,
        bfloat16, float32 or float64. Elements whose x is infinite or NaN are ignored.

    Returns
    -------
    list of GeluMatch
        The candidates, best first, with the fields `rank`, `function`, `formula`, `steps`,
        `seen_in`, `bits`, `equal`, `max_abs` and `max_ulp`. The data cannot distinguish candidates
        of the same rank: if several functions have rank 1, the answer is unknown.

    Raises
    ------
    TypeError
        If x and y have different dtypes, or one that is not among the four.
    ValueError
        If the shapes differ, or no element of x is finite.

    Notes
    -----
    The candidates are gelu, gelu_tanh, gelu_quick, silu and relu, correctly rounded (within 2 ULP
    in float64), and the formulas with which frameworks compute them, with the roundings that
    frameworks make. For 16-bit numbers, kernels compute in float32 and round the result once, and a
    Python formula on tensors rounds each step to the dtype; JAX also rounds the constants. For
    float32 the candidates include ggml's tables of float16.

    The distance between two numbers counts the steps from one to the other through the numbers of
    the dtype. log2(1 + distance) is roughly the number of last bits that differ, and `bits` is its
    mean, by which the candidates are ranked. A few elements with large errors, as in the left tail,
    where frameworks lose all digits, change this mean little. They would dominate a ranking by the
    largest differences, `max_abs` and `max_ulp`.

    One candidate is better than another if its sum of log2(1 + distance) over all elements is lower
    by more than 20 bits and by more than 4 standard errors. Otherwise both have the same rank.

    A candidate often reproduces 16-bit activations bit for bit (`equal` is 1). This identifies the
    function, the formula and the roundings. In float32 and float64, implementations of erf, exp and
    tanh differ in their last bits, so `equal` is 0.5 to 0.99 for the right formula: the function is
    certain, and the formula is the closest one. If `bits` is far from 0 for all candidates, none of
    them computed y, and rank 1 is only the closest.

    Examples
    --------
    >>> import numpy as np, gelu_fast
    >>> x = np.linspace(-4, 4, 1000, dtype=np.float16)
    >>> best, *others = gelu_fast.which_gelu(x, x * gelu_fast.sigmoid(x))
    >>> best.function, best.formula, best.steps, best.equal
    ('silu', 'x * sigmoid(x)', 'float16', 1.0)
    """
    inputs, outputs = checked(x, y)
    found = candidates(inputs.dtype)
    seen = Seen(len(found))
    with np.errstate(all="ignore"):
        for start in range(0, inputs.size, BLOCK):
            block = slice(start, start + BLOCK)
            seen.add([candidate.compute(inputs[block]) for candidate in found], outputs[block])
    bits, equal = seen.bits / inputs.size, seen.equal / inputs.size
    return [
        GeluMatch(
            rank,
            *(found[i].function, found[i].formula, found[i].steps, found[i].seen_in),
            *(bits[i].item(), equal[i].item(), seen.max_abs[i].item(), int(seen.max_ulp[i])),
        )
        for rank, i in ranked(seen.bits, seen.products, inputs.size)
    ]


def checked(made_from: ArrayLike, made: ArrayLike) -> tuple[Array, Array]:
    """(x, y) of the elements with a finite x, one-dimensional and in native byte order."""
    x, y = native(made_from), native(made)
    for name, array in (("x", x), ("y", y)):
        if array.dtype not in DTYPES:
            raise TypeError(f"{name} must be of dtype {', '.join(NAMES)}; got {array.dtype}")
    if x.dtype != y.dtype:
        raise TypeError(f"x and y must be of one dtype; got {x.dtype} and {y.dtype}")
    if x.shape != y.shape:
        raise ValueError(f"x and y must have the same shape; got {x.shape} and {y.shape}")
    kept = np.isfinite(x).ravel()
    if not kept.any():
        raise ValueError("x must have a finite element; got none")
    return x.ravel()[kept], y.ravel()[kept]


def native(array: ArrayLike) -> Array:
    found = np.asarray(array)
    return found.astype(found.dtype.newbyteorder("="), copy=False)


class Seen:
    """Sums and maxima over elements, for each candidate."""

    def __init__(self, count: int) -> None:
        self.bits, self.equal, self.max_abs = np.zeros((3, count))
        self.max_ulp = np.zeros(count, np.uint64)
        self.products = np.zeros((count, count))  # sums of bits[i] * bits[j] over elements

    def add(self, made: Sequence[Array], y: Array) -> None:
        distances = np.array([distance(values, y) for values in made])
        bits = np.log2(1 + distances.astype(np.float64))
        self.bits += bits.sum(1)
        self.products += bits @ bits.T
        self.equal += (distances == 0).sum(1)
        self.max_ulp = np.maximum(self.max_ulp, distances.max(1))
        wide = y.astype(np.float64)
        apart = np.array([np.abs(values.astype(np.float64) - wide).max() for values in made])
        apart[np.isnan(apart)] = np.inf
        self.max_abs = np.maximum(self.max_abs, apart)


def distance(a: Array, b: Array) -> NDArray[np.uint64]:
    """The number of steps from a to b through the numbers of the dtype.

    The two zeros are one number, and NaN comes after infinity. The result is unsigned because it
    may exceed the largest signed integer."""
    a, b = ordinal(a), ordinal(b)
    return np.where(
        a > b, a.view(np.uint64) - b.view(np.uint64), b.view(np.uint64) - a.view(np.uint64)
    )


def ordinal(values: Array) -> NDArray[np.int64]:
    """Maps numbers to integers in the same order, and neighbours to successive integers."""
    integer = np.dtype(f"i{values.dtype.itemsize}")
    bits = values.view(integer).astype(np.int64)
    return np.where(bits < 0, np.iinfo(integer).min - bits, bits)


def ranked(bits: Doubles, products: Doubles, size: int) -> Iterator[tuple[int, int]]:
    """Yields (rank, index), best first, from sums over elements."""
    order = np.argsort(bits, kind="stable")
    first, rank = order[0], 1
    for place, i in enumerate(order, 1):
        gap = bits[i] - bits[first]
        squares = products[i, i] - 2 * products[i, first] + products[first, first]
        deviation = np.sqrt(max(squares - gap**2 / size, 0))  # standard error of the gap
        if gap > LEAST_BITS and gap > STANDARD_ERRORS * deviation:
            first, rank = i, place
        yield rank, i
