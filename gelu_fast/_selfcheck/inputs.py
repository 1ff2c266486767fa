"""The inputs of `selfcheck`, in blocks that take about the same time (30 ms or so)."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from .._core import _ufuncs
from .._core.dtypes import finfo
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


def blocks(row, exhaustive):
    """The blocks of a row of the table."""
    yield Block(row["function"], row["dtype"], "points", 0)
    kind, count = bulk(row, exhaustive)
    for index in range(count):
        yield Block(row["function"], row["dtype"], kind, index)


def block_count(row, exhaustive):
    return 1 + bulk(row, exhaustive)[1]


def bulk(row, exhaustive):
    """Of which kind most blocks of a row are, and how many."""
    itemsize = np.dtype(row["dtype"]).itemsize
    if row["nin"] == 1 and itemsize <= (4 if exhaustive else 2):
        return "patterns", 2 ** (8 * itemsize) // SIZE[itemsize]
    return "random", (EXHAUSTIVE if exhaustive else SAMPLED)[itemsize]


def block_inputs(block, seed):
    """The inputs of a block: a list of one array per argument of the function."""
    [row] = [
        row
        for row in _ufuncs.table()
        if (row["function"], row["dtype"]) == (block.function, block.dtype)
    ]
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
        if row["nin"] == 1:
            return [x]
        dy = random_patterns(row["dtype"], rng, x.size)
        dy[::2] = rng.normal(size=dy[::2].size)
        if block.kind == "points":
            ends, some = specials(row["dtype"]), x[::8]
            dy, x = (
                np.concatenate([dy, np.tile(ends, some.size)]),
                np.append(x, np.repeat(some, ends.size)),
            )
        return [below_overflow(dy), x]


def unsigned(dtype):
    return np.dtype(f"u{np.dtype(dtype).itemsize}")


def domain(row):
    """Where a function is neither constant nor x itself, and a bit more."""
    lo, hi = row["lo"] - 1, row["hi"] + 1
    return lo if np.isfinite(lo) else -hi, hi if np.isfinite(hi) else -lo


def random_patterns(dtype, rng, size):
    """Any exponent, any NaN."""
    return rng.integers(0, np.iinfo(unsigned(dtype)).max, size, unsigned(dtype), True).view(dtype)


def random_numbers(row, rng, size):
    """In turn over all patterns, over the domain, and over the logarithm of its size."""
    lo, hi = domain(row)
    x = random_patterns(row["dtype"], rng, size)
    x[1::3] = rng.uniform(lo, hi, x[1::3].size)
    largest = np.log2(max(-lo, hi))
    x[2::3] = np.exp2(rng.uniform(-40, largest, x[2::3].size)) * rng.choice([-1, 1], x[2::3].size)
    return x


def specials(dtype):
    """Zeros, the ends of the subnormal and normal ranges, infinities and NaN, of both signs."""
    info = finfo(dtype)
    numbers = [0.0, info.smallest_subnormal, info.tiny, info.eps, 1, info.max, np.inf, np.nan]
    return np.array([[number, -number] for number in numbers], dtype).ravel()


def below_overflow(dy):
    """An ULP decides there between a number and an infinity, which are told apart strictly. (The
    functions of x by which dy is multiplied are less than 4/3, or pass it at one x.)"""
    largest = np.array(0.75 * float(finfo(dy.dtype).max), dy.dtype)
    return np.minimum(np.maximum(dy, -largest), largest)  # clip has no bfloat16


def points(row):
    """The special values, and the neighbours of the ends of the domain, of the worst input that is
    known, and of the zero crossings."""
    dtype = row["dtype"]
    centres = [c for c in (row["lo"], row["hi"], row["worst"]) if np.isfinite(c)]
    centres = np.array([*centres, *crossings(row["function"], row["nin"], *domain(row))], dtype)
    around = [centres]
    for direction in (-np.inf, np.inf):
        near = centres
        for _ in range(32):
            near = np.nextafter(near, np.array(direction, dtype))
            around.append(near)
    around = np.concatenate(around)
    return np.concatenate([specials(dtype), around, -around])


@cache
def crossings(function, nin, lo, hi):
    """Where a function changes its sign, other than at 0: float64 numbers just below."""

    def negative(x):
        return exact(function, *[1.0] * (nin - 1), x).is_signed()

    found = []
    grid = np.union1d(np.linspace(lo, hi, 65), np.linspace(max(lo, -4), min(hi, 4), 65)).tolist()
    signs = [negative(x) for x in grid]
    for a, b, sign, next_sign in zip(grid, grid[1:], signs, signs[1:], strict=False):
        if sign == next_sign or a <= 0 <= b:
            continue
        while a < (middle := a + (b - a) / 2) < b:
            a, b = (middle, b) if negative(middle) == sign else (a, middle)
        found.append(a)
    return found
