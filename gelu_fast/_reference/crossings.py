"""Where a function changes its sign."""

from collections.abc import Callable, Iterator, Sequence


def sign_changes(negative: Callable[[float], bool], grid: Sequence[float]) -> Iterator[float]:
    """The float64 numbers just below the changes, other than at 0, that the grid shows."""
    signs = [negative(x) for x in grid]
    for a, b, sign, next_sign in zip(grid, grid[1:], signs, signs[1:], strict=False):
        if sign == next_sign or a <= 0 <= b:
            continue
        while a < (middle := a + (b - a) / 2) < b:
            a, b = (middle, b) if negative(middle) == sign else (a, middle)
        yield a
