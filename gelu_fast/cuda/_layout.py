"""The memory layout of operands, in the form that the kernels read (src/gelu_c/cuda/loops.h)."""

import itertools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np

from .._core.arrays import Array

# ("vectors" or "elements", grid, block, layout)
Launch: TypeAlias = tuple[str, tuple[int, int], tuple[int, int], Array]

OUTER_MAX = 7
VECTOR = 16  # bytes
THREADS = 256
GRID_Y = 65535


def launches(
    shape: Sequence[int],
    itemsize: int,
    addresses: Sequence[int],
    steps: Sequence[Sequence[int]],
    nin: int,
) -> Iterator[Launch]:
    """The kernel launches that compute arrays of a shape: ("vectors" or "elements", grid,
    block, layout).

    `addresses` and `steps` (the strides in bytes) belong to the `nin` inputs, followed by the
    outputs."""
    if 0 in shape:
        return
    sizes, steps = merged(shape, steps)
    extra = max(len(sizes) - 1 - OUTER_MAX, 0)  # rare: needs one launch for each outer index
    inner = [s[extra:] for s in steps]
    for index in itertools.product(*map(range, sizes[:extra])):
        at = [
            a + sum(i * step for i, step in zip(index, s, strict=False))
            for a, s in zip(addresses, steps, strict=True)
        ]
        yield launch(sizes[extra:], itemsize, at, inner, nin)


def merged(
    shape: Sequence[int], steps: Sequence[Sequence[int]]
) -> tuple[list[int], list[list[int]]]:
    """Merges dimensions into as few as possible; the one with the smallest steps comes last."""
    order = [d for d in range(len(shape)) if shape[d] != 1]
    order.sort(key=lambda d: -abs(steps[-1][d]))
    sizes: list[int] = []
    kept: list[list[int]] = []
    for d in order:
        now = [s[d] for s in steps]
        if sizes and all(b == n * shape[d] for b, n in zip(kept[-1], now, strict=True)):
            sizes[-1] *= shape[d]
            kept[-1] = now
        else:
            sizes.append(shape[d])
            kept.append(now)
    if not sizes:
        sizes, kept = [1], [[0] * len(steps)]
    return sizes, [list(s) for s in zip(*kept, strict=True)]


def launch(
    sizes: Sequence[int],
    itemsize: int,
    addresses: Sequence[int],
    steps: Sequence[Sequence[int]],
    nin: int,
) -> Launch:
    *outer, columns = sizes
    rows = int(np.prod(outer, dtype=np.int64))
    lanes = VECTOR // itemsize
    in_vectors = columns >= lanes and all(
        vectors_at(a, s, itemsize, k < nin)
        for k, (a, s) in enumerate(zip(addresses, steps, strict=True))
    )
    name, width = ("vectors", lanes) if in_vectors else ("elements", 1)
    block, grid = blocks(rows, -(-columns // width))
    return name, grid, block, packed(sizes, addresses, steps, rows)


def vectors_at(address: int, steps: Sequence[int], itemsize: int, is_input: bool) -> bool:
    """Whether a kernel can access the rows of an operand in units of 16 bytes, or a row repeats one
    number."""
    *outer, column = steps
    if column == 0 and is_input:
        return True
    return column == itemsize and all(x % VECTOR == 0 for x in (address, *outer))


def blocks(rows: int, columns: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """(block, grid) for the given numbers of rows and columns of threads."""
    wide = min(THREADS, 1 << (columns - 1).bit_length())
    high = THREADS // wide
    return (wide, high), (-(-columns // wide), min(-(-rows // high), GRID_Y))


def packed(
    sizes: Sequence[int], addresses: Sequence[int], steps: Sequence[Sequence[int]], rows: int
) -> Array:
    """The C struct `layout`, which consists of 8-byte numbers, as an array of one element for
    CuPy."""
    *outer, columns = sizes
    padding = [0] * (OUTER_MAX - len(outer))
    numbers = [columns, rows, len(outer), *outer, *padding]
    for address, (*outer_steps, column_step) in zip(addresses, steps, strict=True):
        numbers += [address, column_step, *outer_steps, *padding]
    return np.array(numbers, np.int64).view([("layout", np.int64, len(numbers))])
