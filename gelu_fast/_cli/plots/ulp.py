"""Draws float32 errors in ULP against x, for gelu_fast and other libraries.

The reference is the same as in `selfcheck`; it shares no code with the kernels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from ..._core.arrays import Doubles
from ..._core.rows import Row
from ..._reference.ulp import error_ulp, reference
from .figures import BLUE, GREEN, INK, PURPLE, VERMILION, FigureFile, outline
from .peers import Function

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 420
PER_BIN = 256
COLOURS = {
    "gelu_fast": VERMILION,
    "PyTorch": BLUE,
    "SciPy": GREEN,
    "NumPy expression": PURPLE,
}
NO_DIGIT = 2.0**23  # ULP; a normal exact value is itself 2^23 to 2^24 ULP
LEAST, MOST = 0.05, 2.0**28  # the range of y; a NaN or a wrong sign of zero is at the top


@dataclass(frozen=True)
class Errors:
    """The errors of one contestant."""

    name: str
    largest: Doubles  # the largest error in each bin of x
    worst: float  # the largest error of all
    at: float  # the x of the largest error

    def __str__(self) -> str:
        return f"{self.name}: {self.worst:.4g} ULP at x = {self.at:.8g}"


def measure(
    function: str,
    contestants: Mapping[str, Function],
    low: float,
    high: float,
    seed: int,
    check: Callable[[], None] = lambda: None,
) -> tuple[Doubles, list[Errors]]:
    """Returns (the middles of the bins, the Errors of each contestant)."""
    edges = np.linspace(low, high, BINS + 1)
    rng = np.random.default_rng(seed)
    x = rng.uniform(edges[:-1, None], edges[1:, None], (BINS, PER_BIN)).astype(np.float32).ravel()
    want = reference(function, "float32", [x])
    found = []
    for name, compute in contestants.items():
        check()
        with np.errstate(all="ignore"):
            errors = error_ulp(compute(x), want)
        worst = int(np.argmax(errors))
        largest = errors.reshape(BINS, PER_BIN).max(axis=1)
        found.append(Errors(name, largest, float(errors[worst]), float(x[worst])))
    return (edges[:-1] + edges[1:]) / 2, found


def shown_range(row: Row) -> tuple[float, float]:
    """Returns a range of x that contains the domain of the row and [-1, 1]; an infinite end of the
    domain becomes -6 or 6."""
    low = row.lo if math.isfinite(row.lo) else -6.0
    high = row.hi if math.isfinite(row.hi) else 6.0
    return min(low, -1.0), max(high, 1.0)


def draw(
    figure_file: FigureFile,
    row: Row,
    x: Doubles,
    found: Sequence[Errors],
    check: Callable[[], None] = lambda: None,
) -> None:
    """Draws the largest errors in the bins. The broad line behind the others is gelu_fast."""
    curves = np.array([np.clip(errors.largest, LEAST, MOST) for errors in found])
    places = label_places(np.log(curves))
    top = min(max(30 * curves.max(), 100), MOST)
    with figure_file.drawn(9.2, 4.2) as figure:
        axes = figure.subplots()
        axes.set_title(f"{row.function}: error in ULP of float32")
        axes.set(xlim=(x[0], x[-1]), ylim=(LEAST, top), xlabel="x", yscale="log")
        axes.locator_params(axis="x", steps=[1, 2, 5, 10])
        axes.grid(axis="y")
        axes.tick_params(which="minor", left=False)
        if top > NO_DIGIT:
            axes.axhspan(NO_DIGIT, top, color="0.95", zorder=0)
            write_level(axes, NO_DIGIT, "no digit\nright", 8)
        axes.axhline(row.bound_ulp, color=INK, linewidth=0.8, linestyle=(0, (1, 2)))
        said = f"{row.bound_ulp:g} ULP,\nthe bound of\n{found[0].name}"
        write_level(axes, row.bound_ulp, said, 0)
        for i, errors in enumerate(found):
            check()
            axes.plot(x, curves[i], color=COLOURS[errors.name], linewidth=1 if i else 2.4)
            write_name(axes, errors.name, x[places[i]], curves[:, places[i]], i)


def write_level(axes: Axes, y: float, text: str, points: float) -> None:
    axes.annotate(
        text,
        (1, y),
        xycoords=("axes fraction", "data"),
        xytext=(4, points),
        textcoords="offset points",
        va="center",
        fontsize=7,
    )


def label_places(curves: Doubles) -> list[int]:
    """Returns the index of each curve's name. Each name gets its own part of the picture, and goes
    to the point there where its curve is farthest from the others."""
    count = len(curves)
    apart = np.empty_like(curves)
    for i, curve in enumerate(curves):
        others = np.delete(curves, i, axis=0)
        apart[i] = np.abs(others - curve).min(axis=0) if count > 1 else 1
    parts = np.array_split(np.arange(BINS), count)
    inner = [part[part.size // 4 : -(part.size // 4)] for part in parts]
    best = [[int(part[np.argmax(apart[i][part])]) for part in inner] for i in range(count)]

    def total(order: Iterable[int]) -> float:
        return sum(float(apart[i, best[i][part]]) for i, part in enumerate(order))

    return [best[i][part] for i, part in enumerate(max(permutations(range(count)), key=total))]


def write_name(axes: Axes, name: str, x: float, values: Doubles, i: int) -> None:
    """Writes the name of curve i beside it at x: outside of all curves, or in the wider gap."""
    higher = min((y / values[i] for y in values if y > values[i]), default=np.inf)
    lower = min((values[i] / y for y in values if y < values[i]), default=np.inf)
    up = higher >= lower or values[i] < 2 * LEAST
    axes.annotate(
        name,
        (x, values[i]),
        xytext=(0, 3 if up else -3),
        textcoords="offset points",
        ha="center",
        va="bottom" if up else "top",
        color=COLOURS[name],
        fontweight="bold",
        path_effects=outline(),
    )
