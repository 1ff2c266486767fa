"""The inputs of `selfcheck`, in blocks that take about the same time (30 ms or so)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import DTypeLike

from .._core.arrays import Array, Dtype
from .._core.dtypes import finfo, special_numbers
from .._core.rows import Row
from .._core.table import domain, row_of
from .._reference.crossings import sign_changes
from .._reference.decimals import exact

# By the bytes of a dtype's numbers:
SIZE = {2: 2**16, 4: 2**16, 8: 2**9}  # numbers in a block
SAMPLED = {2: 8, 4: 50, 8: 50}  # blocks of random numbers
EXHAUSTIVE = {2: 2**10, 4: 2**12, 8: 2**11}  # where not every pattern is


@dataclass(frozen=True)
class Block:
    """Inputs number `index` of a kind: "points" to look at, "patterns" in turn, or "random"."""

    function: str
    dtype: str
    kind: str
    index: int


def blocks(row: Row, exhaustive: bool) -> Iterator[Block]:
    """The blocks of a row of the table."""
    yield Block(row.function, row.dtype, "points", 0)
    kind, count = bulk(row, exhaustive)
    for index in range(count):
        yield Block(row.function, row.dtype, kind, index)


def block_count(row: Row, exhaustive: bool) -> int:
    return 1 + bulk(row, exhaustive)[1]


def bulk(row: Row, exhaustive: bool) -> tuple[str, int]:
    """Of which kind most blocks of a row are, and how many."""
    itemsize = np.dtype(row.dtype).itemsize
    if row.nin == 1 and itemsize <= (4 if exhaustive else 2):
        return "patterns", 2 ** (8 * itemsize) // SIZE[itemsize]
    return "random", (EXHAUSTIVE if exhaustive else SAMPLED)[itemsize]


def block_inputs(block: Block, seed: int) -> list[Array]:
    """The inputs of a block: a list of one array per argument of the function."""
    row = row_of(block.function, block.dtype)
    size = SIZE[np.dtype(block.dtype).itemsize]
    with np.errstate(all="ignore"):  # numbers too large for the dtype are infinite
        if block.kind == "patterns":
            uint = unsigned(block.dtype)
            return [
                np.arange(block.index * size, (block.index + 1) * size, dtype=uint).view(
                    block.dtype
                )
            ]
        rng = np.random.default_rng(
            [seed, block.index, *f"{block.function} {block.dtype}".encode()]
        )
        x = points(row) if block.kind == "points" else random_numbers(row, rng, size)
        if row.nin == 1:
            return [x]
        dy = random_patterns(row.dtype, rng, x.size)
        dy[::2] = rng.normal(size=dy[::2].size)
        if block.kind == "points":
            ends, some = specials(row.dtype), x[::8]
            dy, x = (
                np.concatenate([dy, np.tile(ends, some.size)]),
                np.append(x, np.repeat(some, ends.size)),
            )
        return [below_overflow(dy), x]


def unsigned(dtype: DTypeLike) -> Dtype:
    return np.dtype(f"u{np.dtype(dtype).itemsize}")


def random_patterns(dtype: str, rng: np.random.Generator, size: int) -> Array:
    """Any exponent, any NaN."""
    return rng.integers(0, np.iinfo(unsigned(dtype)).max, size, unsigned(dtype), True).view(dtype)


def random_numbers(row: Row, rng: np.random.Generator, size: int) -> Array:
    """In turn over all patterns, over the domain, and over the logarithm of its size."""
    lo, hi = domain(row)
    x = random_patterns(row.dtype, rng, size)
    x[1::3] = rng.uniform(lo, hi, x[1::3].size)
    largest = np.log2(max(-lo, hi))
    x[2::3] = np.exp2(rng.uniform(-40, largest, x[2::3].size)) * rng.choice([-1, 1], x[2::3].size)
    return x


def specials(dtype: str) -> Array:
    """Zeros, the ends of the subnormal and normal ranges, infinities and NaN, of both signs."""
    return np.array([[number, -number] for number in special_numbers(dtype)], dtype).ravel()


def below_overflow(dy: Array) -> Array:
    """An ULP decides there between a number and an infinity, which are told apart strictly. (The
    functions of x by which dy is multiplied are less than 4/3, or pass it at one x.)"""
    largest = np.array(0.75 * float(finfo(dy.dtype).max), dy.dtype)
    bounded: Array = np.minimum(np.maximum(dy, -largest), largest)  # clip has no bfloat16
    return bounded


def points(row: Row) -> Array:
    """The special values, and the neighbours of the ends of the domain, of the worst input that is
    known, and of the zero crossings."""
    dtype = row.dtype
    known = [c for c in (row.lo, row.hi, row.worst) if np.isfinite(c)]
    centres = np.array([*known, *crossings(row.function, row.nin, *domain(row))], dtype)
    neighbours = [centres]
    for direction in (-np.inf, np.inf):
        near = centres
        for _ in range(32):
            near = np.nextafter(near, np.array(direction, dtype))
            neighbours.append(near)
    around = np.concatenate(neighbours)
    return np.concatenate([specials(dtype), around, -around])


@cache
def crossings(function: str, nin: int, lo: float, hi: float) -> list[float]:
    """Where a function changes its sign, other than at 0: float64 numbers just below."""

    def sign(x: float) -> float:
        return -1 if exact(function, *[1.0] * (nin - 1), x).is_signed() else 1

    grid = np.union1d(np.linspace(lo, hi, 65), np.linspace(max(lo, -4), min(hi, 4), 65))
    return list(sign_changes(sign, grid.tolist()))
