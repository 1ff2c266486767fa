"""Draws activation functions with their derivatives, one panel for each function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ..._core import _ufuncs
from ..._core.arrays import Doubles
from ..._core.table import derivative
from .figures import BLUE, INK, PALE, VERMILION, FigureFile, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Place: TypeAlias = tuple[float, float] | None

POINTS = 2001
COLUMNS = 4
PANEL_WIDTH = 2.4  # inches
JUMP = 0.1  # a larger step between two points, as a share of the curve's height, is a jump


def draw(
    figure_file: FigureFile,
    functions: Sequence[str],
    low: float,
    high: float,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Draws the functions, and their derivatives if the library has them."""
    x = np.linspace(low, high, POINTS)
    values = {name: curve(_ufuncs.ufuncs()[name], x) for name in functions}
    slopes = {name: curve(f, x) for name in functions if (f := derivative(name))}
    minima = {name: minimum(name, x, slopes[name]) for name in slopes}
    bottom, top = window(low, high, [*values.values(), *slopes.values()], minima.values())
    columns = min(COLUMNS, len(functions))
    rows = math.ceil(len(functions) / columns)
    height = PANEL_WIDTH * min(max((top - bottom) / (high - low), 0.5), 1.2)
    with figure_file.drawn(PANEL_WIDTH * columns, (height + 0.2) * rows + 0.2) as figure:
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
        for name, axes in zip(functions, panels, strict=False):
            check()
            axes.set_title(name)
            axes.set(xlim=(low, high), ylim=(bottom, top))
            axes.tick_params(length=2, labelbottom=True)
            axes.axhline(0, color="0.6", linewidth=0.5)
            axes.axvline(0, color="0.6", linewidth=0.5)
            for other in values.values():  # pale, for comparison
                axes.plot(x, other, color=PALE, linewidth=0.8)
            axes.plot(x, values[name], color=BLUE, linewidth=2.2)
            if name in slopes:
                axes.plot(x, broken(slopes[name]), color=VERMILION, linewidth=1.3)
                write_beside(axes, x, values[name], slopes[name], "f", BLUE)
                write_beside(axes, x, slopes[name], values[name], "f\N{PRIME}", VERMILION)
                mark_minimum(axes, minima[name])
        for axes in panels[len(functions) :]:
            axes.set_axis_off()


def curve(ufunc: np.ufunc, x: Doubles) -> Doubles:
    y = ufunc(x)
    return np.where(np.isfinite(y), y, np.nan)


def window(
    low: float, high: float, curves: Sequence[Doubles], minima: Iterable[Place]
) -> tuple[float, float]:
    """Returns the range of y: the range of the curves, limited to the range of x, with room for the
    text below the minima."""
    bottom = max(min(np.nanmin(y) for y in curves), min(low, -1))
    top = min(max(np.nanmax(y) for y in curves), max(high, 1))
    height = top - bottom
    lowest = min((y for x, y in filter(None, minima)), default=np.inf)
    return min(bottom - 0.04 * height, lowest - 0.25 * height), top + 0.04 * height


def broken(y: Doubles) -> Doubles:
    """Returns a curve with a gap (NaN) at each jump."""
    y = y.copy()
    y[:-1][np.abs(np.diff(y)) > JUMP * (np.nanmax(y) - np.nanmin(y))] = np.nan
    return y


def write_beside(
    axes: Axes, x: Doubles, y: Doubles, other: Doubles, text: str, colour: str
) -> None:
    """Writes the name of a curve at the point where it is farthest from the other curve, on the
    side away from that one."""
    bottom, top = axes.get_ylim()
    margin = 0.1 * (top - bottom)
    free = (y > bottom + margin) & (y < top - margin) & (np.abs(x - x.mean()) < 0.3 * np.ptp(x))
    if not free.any():
        return
    distance = np.where(free, np.minimum(np.abs(y - other), 0.25 * (top - bottom)), -1)
    at = int(np.argmax(distance))
    above = y[at] > other[at]
    axes.annotate(
        text,
        (x[at], y[at]),
        xytext=(0, 4 if above else -4),
        textcoords="offset points",
        va="bottom" if above else "top",
        ha="center",
        color=colour,
        fontstyle="italic",
        fontweight="bold",
    )


def mark_minimum(axes: Axes, place: Place) -> None:
    if place is None:
        return
    x, y = place
    axes.plot(x, y, "o", color=INK, markersize=3)
    axes.annotate(
        f"{number(y)}\nat {number(x)}",
        place,
        xytext=(0, -5),
        textcoords="offset points",
        va="top",
        ha="center",
        fontsize=7,
    )


def minimum(name: str, x: Doubles, slope: Doubles) -> Place:
    """Returns (x, y) of the first minimum, where the derivative changes from negative to positive,
    or None."""
    x, slope = x[slope != 0], slope[slope != 0]
    ups = np.flatnonzero((slope[:-1] < 0) & (slope[1:] > 0))
    derived = derivative(name)
    if derived is None or not ups.size:
        return None
    left, right = x[ups[0]], x[ups[0] + 1]
    while left < (middle := left + (right - left) / 2) < right:
        left, right = (middle, right) if derived(middle) < 0 else (left, middle)
    return float(right), float(_ufuncs.ufuncs()[name](right))
