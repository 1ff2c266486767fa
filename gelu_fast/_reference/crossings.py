"""Finds the x at which a function changes its sign."""

from collections.abc import Callable, Iterator, Sequence


def sign_changes(sign: Callable[[float], float], grid: Sequence[float]) -> Iterator[float]:
    """Yields the float64 number just below each sign change between points of the grid, except at
    0. sign(x) is 1, -1 or 0."""
    signs = [sign(x) for x in grid]
    for a, b, before, after in zip(grid, grid[1:], signs, signs[1:], strict=False):
        if before * after >= 0 or a <= 0 <= b:
            continue
        while a < (middle := a + (b - a) / 2) < b:
            a, b = (middle, b) if sign(middle) == before else (a, middle)
        yield a
