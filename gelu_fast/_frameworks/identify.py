"""`which_gelu`: which function, computed how, made stored activations."""

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
# Two candidates share a rank unless one leaves fewer bits of the data unexplained, by more than
# this many bits and this many standard errors.
LEAST_BITS = 20
STANDARD_ERRORS = 4


@dataclass(frozen=True)
class GeluMatch:
    """A candidate for what made y from x, and how far it is from y."""

    rank: int  # 1 is the best; candidates that the data cannot tell apart have the same
    function: str  # a name that `gelu_fast.activation` knows
    formula: str  # "correctly rounded", or the formula that was computed
    steps: str  # "exact", or the dtype that each step was rounded to
    seen_in: str  # where this formula with these steps is used: examples
    bits: float  # mean of log2(1 + distance), the distance counted in numbers of the dtype
    equal: float  # share of equal elements
    max_abs: float  # the largest difference
    max_ulp: int  # the largest distance


def which_gelu(x: ArrayLike, y: ArrayLike) -> list[GeluMatch]:
    """Find which activation function, and which arithmetic, made y from x.

    Parameters
    ----------
    x, y : array_like
        What an activation got and gave: of the same shape, and of the same dtype, float16,
        bfloat16, float32 or float64. Elements with an x that is infinite or NaN are left out.

    Returns
    -------
    list of GeluMatch
        The candidates, best first, with the fields `rank`, `function`, `formula`, `steps`,
        `seen_in`, `bits`, `equal`, `max_abs` and `max_ulp`. Those with the same rank cannot be told
        apart by these data: more than one `function` of rank 1 means that the answer is unknown.

    Raises
    ------
    TypeError
        If x and y are not of one dtype, or this is none of the four.
    ValueError
        If the shapes differ, or no element of x is finite.

    Notes
    -----
    The candidates are gelu, gelu_tanh, gelu_quick, silu and relu, correctly rounded, and the
    formulas with which frameworks compute them, with their roundings: in float32 with the result
    rounded, as kernels for 16-bit numbers do, or each step rounded to the dtype, as a Python
    formula on 16-bit tensors does, with constants of the dtype in JAX. For float32 there is also
    ggml's table of float16.

    The distance of two numbers counts the numbers of the dtype from one to the other; log2(1 +
    distance) is about how many of the last bits differ, and candidates are ranked by its mean,
    `bits`: a few elements that are far off, as in the left tail where frameworks lose all digits,
    weigh as much as a few bits each. Among the largest differences, `max_abs` and `max_ulp`, that
    would be lost.

    One candidate is better than another if it leaves at least 20 bits less unexplained, over all
    elements, and if this is more than 4 standard errors. Else they have the same rank.

    16-bit activations are often met bit by bit (`equal` is 1): then function, formula and roundings
    are known. In float32 and float64 implementations of erf, exp and tanh differ in their last
    bits, so `equal` is 0.5 to 0.99 for the right formula; the function is certain, the formula the
    nearest one. If `bits` is far from 0 for all of them, then y was made by none: `rank` 1 is only
    the nearest.

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
    """The elements with a finite x, in one dimension and the byte order of the machine."""
    x, y = native(made_from), native(made)
    for name, array in (("x", x), ("y", y)):
        if array.dtype not in DTYPES:
            raise TypeError(f"{name} must be of {', '.join(NAMES)}; got {array.dtype}")
    if x.dtype != y.dtype:
        raise TypeError(f"x and y must be of one dtype; got {x.dtype} and {y.dtype}")
    if x.shape != y.shape:
        raise ValueError(f"x and y must have the same shape; got {x.shape} and {y.shape}")
    kept = np.isfinite(x).ravel()
    if not kept.any():
        raise ValueError("x must have a finite element")
    return x.ravel()[kept], y.ravel()[kept]


def native(array: ArrayLike) -> Array:
    found = np.asarray(array)
    return found.astype(found.dtype.newbyteorder("="), copy=False)


class Seen:
    """Sums over elements, for each candidate."""

    def __init__(self, count: int) -> None:
        self.bits, self.equal, self.max_abs = np.zeros((3, count))
        self.max_ulp = np.zeros(count, np.uint64)
        self.products = np.zeros((count, count))  # of the bits of two candidates

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
    """How many numbers of their dtype lie from a to b; the zeroes are one, NaN is beyond infinity.

    In unsigned integers: it may exceed the signed ones."""
    a, b = ordinal(a), ordinal(b)
    return np.where(
        a > b, a.view(np.uint64) - b.view(np.uint64), b.view(np.uint64) - a.view(np.uint64)
    )


def ordinal(values: Array) -> NDArray[np.int64]:
    """Integers in the order of the numbers, neighbours one apart."""
    integer = np.dtype(f"i{values.dtype.itemsize}")
    bits = values.view(integer).astype(np.int64)
    return np.where(bits < 0, np.iinfo(integer).min - bits, bits)


def ranked(bits: Doubles, products: Doubles, size: int) -> Iterator[tuple[int, int]]:
    """(rank, index), best first; the bits are sums over elements."""
    order = np.argsort(bits, kind="stable")
    first, rank = order[0], 1
    for place, i in enumerate(order, 1):
        gap = bits[i] - bits[first]
        squares = products[i, i] - 2 * products[i, first] + products[first, first]
        deviation = np.sqrt(max(squares - gap**2 / size, 0))  # of the sum of the differences
        if gap > LEAST_BITS and gap > STANDARD_ERRORS * deviation:
            first, rank = i, place
        yield rank, i
