"""Draws the errors of the usual approximations of GELU against the exact function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..._core import _ufuncs
from .figures import BLUE, GREEN, INK, VERMILION, FigureFile, number, outline

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# GELU and each variant are x * G(x) with G(x) + G(-x) = 1, so the error is the same at x and -x.
VARIANTS = {"silu": GREEN, "gelu_quick": BLUE, "gelu_tanh": VERMILION}
ROUNDING = {"float32": 2.0**-24, "float16": 2.0**-11, "bfloat16": 2.0**-8}
POINTS = 4001
RANGE = (1e-9, 5)  # the range of y; above it, a variant has no correct digit


@dataclass(frozen=True)
class Largest:
    """The largest absolute error of a variant, which occurs at x and at -x."""

    name: str
    error: float
    x: float

    def __str__(self) -> str:
        return f"{self.name}: {self.error:.6g} at x = {self.x:.5f} and {-self.x:.5f}"


def variants() -> list[str]:
    """Returns the names of the variants that are in the table."""
    return [name for name in VARIANTS if name in _ufuncs.ufuncs()]


def error(name: str, x: Any) -> Any:
    """Returns the variant minus exact GELU."""
    ufuncs = _ufuncs.ufuncs()
    return ufuncs[name](x) - ufuncs["gelu"](x)


def largest_error(name: str) -> Largest:
    """Finds the Largest of a variant: first on a grid, then on finer grids around that point."""
    low, high = 0.0, 8.0
    found = Largest(name, 0.0, low)
    for _ in range(3):
        x = np.linspace(low, high, 1001)
        at = int(np.argmax(np.abs(error(name, x))))
        low, high = x[max(at - 1, 0)], x[min(at + 1, 1000)]
        found = Largest(name, float(np.abs(error(name, x[at]))), float(x[at]))
    return found


def draw(
    figure_file: FigureFile,
    largest: Sequence[Largest],
    low: float,
    high: float,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Draws the absolute and the relative errors, and marks the largest absolute errors."""
    x = np.linspace(low, high, POINTS)
    exact = np.abs(_ufuncs.ufuncs()["gelu"](x))
    with figure_file.drawn(9.2, 4.2) as figure:
        absolute, relative = figure.subplots(1, 2, sharex=True, sharey=True)
        absolute.set_title("|variant \N{MINUS SIGN} gelu|")
        relative.set_title("|variant \N{MINUS SIGN} gelu| / |gelu|")
        absolute.set(xlim=(low, high), ylim=RANGE, yscale="log")
        for axes in absolute, relative:
            axes.set_xlabel("x")
            axes.grid(axis="y")
            axes.tick_params(which="minor", left=False)
        for found in largest:
            check()
            wrong = np.abs(error(found.name, x))
            wrong[wrong == 0] = np.nan  # a logarithmic scale has no 0
            colour = VARIANTS[found.name]
            absolute.plot(x, wrong, color=colour, linewidth=1.8)
            with np.errstate(divide="ignore", invalid="ignore"):
                relative.plot(x, wrong / exact, color=colour, linewidth=1.8)
            mark(absolute, found, colour)
        for dtype, unit in ROUNDING.items():
            draw_rounding(relative, dtype, unit)


def mark(axes: Axes, found: Largest, colour: str) -> None:
    """Marks the two points of the largest error with dots, and writes the error above a visible
    one."""
    low, _ = axes.get_xlim()
    axes.plot([-found.x, found.x], [found.error] * 2, "o", color=colour, markersize=4)
    axes.annotate(
        f"{found.name}\n{number(found.error, 3)} at ±{found.x:.3f}",
        (-found.x if low < -found.x else found.x, found.error),
        xytext=(-5, 5),
        textcoords="offset points",
        ha="center",
        color=colour,
        fontsize=8,
        fontweight="bold",
        path_effects=outline(),
    )


def draw_rounding(axes: Axes, dtype: str, unit: float) -> None:
    """Draws a line at the largest relative error of rounding to a dtype."""
    axes.axhline(unit, color=INK, linewidth=0.8, linestyle=(0, (1, 2)))
    axes.annotate(
        f"rounding\nto {dtype}",
        (1, unit),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=7,
    )
