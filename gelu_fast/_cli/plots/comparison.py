"""Draws a comparison. Each row shows one function: the distribution, mean and standard deviation of
its results, the shares of small, dead and saturated numbers, and the time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..._core import _ufuncs
from ..._core.arrays import Doubles
from ..._core.dispatch import isa
from ..._files.errors import Refused
from ..comparison.comparison import Comparison, percent
from .figures import BLUE, FADED, GREEN, INK, PURPLE, VERMILION, FigureFile, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 200
ROW = 0.44  # inches
SHOWN = [0.1, 99.9]  # the x axis contains these percentiles of the data and of all results
NARROWEST = 1e-9  # the least width of the x axis, as a share of its larger end
FARTHEST = 1e304  # matplotlib computes with numbers that are larger than those on the axis
HEIGHT = 0.75  # the height of the highest histogram, in rows


def draw(
    figure_file: FigureFile, comparison: Comparison, check: Callable[[], None] = lambda: None
) -> None:
    outcomes = comparison.outcomes
    names = ["the data", *(outcome.function for outcome in outcomes)]
    with figure_file.drawn(11, ROW * len(names) + 1.3) as figure:
        style = {"fontsize": 9, "color": FADED, "parse_math": False}
        figure.suptitle(caption(comparison), x=0.01, ha="left", **style)
        panels = figure.subplots(1, 5, sharey=True, width_ratios=[4.5, 2, 2, 2, 1.8])
        panels[0].set_yticks(range(len(names)), names, color=INK)
        panels[0].set_ylim(len(names) - 0.5, -1)
        check()
        draw_distributions(panels[0], comparison)
        check()
        draw_shares(panels[1:4], comparison)
        write_title(panels[4], "ns per result", f"here, in cache, {isa()}")
        times = [1e9 * outcome.seconds for outcome in outcomes]
        draw_column(panels[4], times, GREEN, "{:.2f}".format)
        for axes in panels:
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="y", length=0)
        for axes in panels[1:]:  # they need no ticks, because each bar has its number
            axes.spines["bottom"].set_visible(False)
            axes.set_xticks([])


def caption(comparison: Comparison) -> str:
    numbers = comparison.numbers
    name = os.path.basename(comparison.path)
    name = "".join(c if c.isprintable() else "?" for c in name)  # XML cannot hold some of them
    return f"{name}: {numbers.count:,} numbers in {numbers.dtype}"


def write_title(axes: Axes, title: str, explanation: str) -> None:
    axes.set_title(title, pad=16)
    axes.annotate(
        explanation,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, 5),
        textcoords="offset points",
        color=FADED,
        fontsize=8,
    )


# ---- Distributions


@np.errstate(invalid="ignore", over="ignore")  # for signalling NaNs and results that overflow
def draw_distributions(axes: Axes, comparison: Comparison) -> None:
    """Draws histograms of the sample, and the mean and standard deviation of all numbers."""
    data = comparison.sample[np.isfinite(comparison.sample)]
    columns = [data] + [_ufuncs.ufuncs()[o.function](data) for o in comparison.outcomes]
    columns = [column.astype(np.float64) for column in columns]
    columns = [column[np.isfinite(column)] for column in columns]
    low, high = shown_range([column for column in columns if column.size])
    if max(abs(low), abs(high)) > FARTHEST:
        raise Refused(
            f"{comparison.path!r}: numbers or results beyond {FARTHEST:g} cannot be drawn"
        )
    edges = np.linspace(low, high, BINS + 1)
    counts = np.array([np.histogram(column, edges)[0] for column in columns])
    heights = HEIGHT * np.log1p(counts) / np.log1p(max(counts.max(), 1))
    moments = [comparison.numbers.moments, *(o.moments for o in comparison.outcomes)]
    for row, (height, m) in enumerate(zip(heights, moments, strict=True)):
        axes.stairs(row - height, edges, baseline=row, fill=True, color="0.8")
        # What is outside of the picture must not be too far away for matplotlib.
        left, middle, right = np.clip(
            [m.mean - m.std, m.mean, m.mean + m.std], 2 * low - high, 2 * high - low
        )
        axes.hlines(row, left, right, color=INK, linewidth=2)
        axes.plot(middle, row, "o", color=INK, markersize=4)
    axes.axvline(0, color="0.6", linewidth=0.5, zorder=0)
    axes.set_xlim(low, high)
    write_title(axes, "results", "histogram (log scale); mean and standard deviation")


def shown_range(columns: Sequence[Doubles]) -> tuple[float, float]:
    """Returns the range of the x axis, which is not empty."""
    if not columns:
        return -1.0, 1.0
    # The percentiles are numbers of the column, so that nothing overflows between two of them.
    low = min(float(np.percentile(column, SHOWN[0], method="lower")) for column in columns)
    high = max(float(np.percentile(column, SHOWN[1], method="higher")) for column in columns)
    if high - low < NARROWEST * max(abs(low), abs(high)) or low == high:
        around = max(abs(low), abs(high)) / 2 or 1.0
        return low - around, high + around
    return low, high


# ---- Shares and times


def draw_shares(panels: Sequence[Axes], comparison: Comparison) -> None:
    outcomes = comparison.outcomes
    columns = [
        (f"|y| < {number(comparison.small)}", "black: exactly 0", "small", BLUE),
        (f"|f\N{PRIME}| < {number(comparison.dead)}", "hardly any gradient", "dead", VERMILION),
        ("saturated", "as good as constant", "saturated", PURPLE),
    ]
    for axes, (title, explanation, field, colour) in zip(panels, columns, strict=True):
        write_title(axes, title, explanation)
        shares = [comparison.share(getattr(outcome, field)) for outcome in outcomes]
        draw_column(axes, shares, colour, percent)
        axes.set_xlim(0, 1.5)
    zeros = [comparison.share(outcome.zero) or 0.0 for outcome in outcomes]
    panels[0].barh(range(1, len(zeros) + 1), zeros, 0.16, color=INK)


def draw_column(
    axes: Axes, values: Sequence[float | None], colour: str, form: Callable[[float], str]
) -> None:
    """Draws a bar and its value for each function that has a value."""
    largest = max((value for value in values if value is not None), default=0) or 1
    axes.set_xlim(0, 1.5 * largest)
    for row, value in enumerate(values, start=1):
        if value is None:
            continue
        axes.barh(row, value, 0.42, color=colour)
        axes.annotate(
            form(value),
            (value, row),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
