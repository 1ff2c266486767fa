"""Draws the results: test errors, and gradient norms by block."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from . import statistics
from .comparisons import correct
from .report import norms

# Units of one kind have one colour; the line style tells its variants apart.
STYLES = {
    "ReLU": ("#0072b2", "-"),
    "leaky ReLU": ("#0072b2", ":"),
    "sigmoid": ("0.5", "-"),
    "tanh": ("#cc79a7", "-"),
    "SiLU": ("#009e73", "-"),
    "SwiGLU": ("#009e73", "--"),
    "GELU": ("#d55e00", "-"),
    "GELU, tanh form": ("#d55e00", ":"),
    "GEGLU": ("#d55e00", "--"),
}


def draw(results, path):
    networks = results["networks"]
    figure, axes = plt.subplots(
        len(networks), 3, figsize=(13, 4.2 * len(networks)), squeeze=False, layout="constrained"
    )
    for row, (network, found) in zip(axes, networks.items(), strict=True):
        errors(row[0], found)
        row[0].set_title(f"{network}: test error")
        for axis, when in zip(row[1:], ("start", "end"), strict=True):
            gradients(axis, found, when)
            axis.set_title(f"{network}: gradients at the {when}")
        low, high = zip(*(axis.get_ylim() for axis in row[1:]), strict=True)
        for axis in row[1:]:
            axis.set_ylim(min(low), max(high))
    handles, labels = axes[-1][1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def errors(axis, found):
    units = list(found)
    for place, unit in enumerate(units):
        colour = STYLES[unit][0]
        error = 100 * (1 - correct(found, unit).mean(axis=1))
        mean, low, high = statistics.interval(error)
        spread = np.linspace(-0.25, 0.25, len(error))
        axis.plot(error, place + spread, "o", color=colour, alpha=0.35, markersize=3.5)
        axis.plot([low, high], [place, place], color=colour, linewidth=3, solid_capstyle="butt")
        axis.plot(mean, place, "|", color="black", markersize=12)
    axis.set_yticks(range(len(units)), units)
    axis.invert_yaxis()
    axis.set_xscale("log")
    axis.set_xlabel("wrong, % (dots: seeds; bar: 95% of the mean)")
    low, high = axis.get_xlim()
    axis.set_xticks(
        [tick for tick in (4, 5, 6, 7, 8, 10, 15, 20, 30, 40, 60, 80) if low < tick < high]
    )
    axis.xaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter("")
    tidy(axis)


def gradients(axis, found, when):
    for unit, about in found.items():
        colour, line = STYLES[unit]
        norm = norms([run[when] for run in about["runs"]])
        blocks = range(1, len(norm) + 1)
        axis.plot(blocks, norm, line, color=colour, label=unit, marker="o", markersize=3)
    axis.set_yscale("log")
    axis.set_xlabel("block")
    axis.set_ylabel("norm, by the block's parameters")
    tidy(axis)


def tidy(axis):
    axis.grid(which="major", color="0.9")
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
