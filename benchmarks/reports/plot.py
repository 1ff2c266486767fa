"""Draws a comparison: time per element against array size, with gelu_fast in front."""

import math

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from reports.report import OURS, ns, size_name, title

OURS_COLOUR, YARDSTICK_COLOUR = "#d55e00", "0.55"
COLOURS = ["#0072b2", "#009e73", "#cc79a7", "#e69f00", "#7b3fa0", "#56b4e9"]
COLOURS += ["#8c6d31", "#17becf", "#666600"]
NAME_POINTS = 9


def draw(comparison, path):
    functions = comparison["functions"]
    figure, axes = plt.subplots(
        1, len(functions), figsize=(5.6 * len(functions) + 0.6, 5), sharey=True, squeeze=False
    )
    peers = {name for m in functions for name, r in m["peers"].items() if not r["yardstick"]}
    colours = dict(zip(sorted(peers - {OURS}), COLOURS, strict=False))  # the same in all panels
    for axis, measured in zip(axes[0], functions, strict=True):
        panel(axis, comparison, measured, colours)
    axes[0][0].set_ylabel("ns per element (one thread, lower is better)")
    machine = comparison["machine"]
    figure.suptitle(f"{machine['cpu']}, {machine['isa']}", fontsize=10, color="0.35")
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    plt.close(figure)


def panel(axis, comparison, measured, colours):
    sizes = comparison["sizes"]
    ends = []
    for name, result in measured["peers"].items():
        y = [ns(result, size) for size in sizes]
        if name == OURS:
            style = {"color": OURS_COLOUR, "linewidth": 3, "zorder": 5}
        elif result["yardstick"]:
            style = {"color": YARDSTICK_COLOUR, "linewidth": 1.2, "linestyle": "--"}
        else:
            style = {"color": colours.get(name, "0.3"), "linewidth": 1.6}
        axis.plot(sizes, y, marker="o", markersize=4, **style)
        unlimited = comparison["peers_limited"] and not result["follows_isa"]
        ends.append((f"{name} (not limited)" if unlimited else name, y[-1], style["color"]))
    axis.set_xscale("log", base=2)
    axis.set_yscale("log")
    axis.set_xticks(sizes, [size_name(size) for size in sizes])
    axis.minorticks_off()
    axis.set_xlim(sizes[0] / 1.5, sizes[-1] * 1.5)
    axis.yaxis.set_major_formatter("{x:g}")
    axis.set_yticks([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50])
    low = min(ns(r, s) for r in measured["peers"].values() for s in sizes)
    high = max(ns(r, s) for r in measured["peers"].values() for s in sizes)
    bottom, top = axis.get_ylim()
    axis.set_ylim(min(bottom, low / 1.3), max(top, high * 1.3))
    axis.grid(which="major", color="0.9")
    axis.set_axisbelow(True)
    axis.spines[["top", "right"]].set_visible(False)
    axis.set_xlabel("elements")
    axis.set_title(title(comparison, measured), fontsize=11)
    write_names(axis, ends)


def write_names(axis, ends):
    """Writes each name beside the end of its line, and moves names apart if lines end close
    together."""
    bottom, top = (math.log(y) for y in axis.get_ylim())
    height = axis.get_position().height * axis.figure.get_figheight() * 72  # in points
    apart = 1.35 * NAME_POINTS * (top - bottom) / height
    ends = sorted(ends, key=lambda end: end[1])
    places = [math.log(y) for _, y, _ in ends]
    for _ in range(200):  # push neighbours that are too close away from each other
        for i in range(len(places) - 1):
            overlap = apart - (places[i + 1] - places[i])
            if overlap > 0:
                places[i] -= overlap / 2
                places[i + 1] += overlap / 2
    for (name, _, colour), place in zip(ends, places, strict=True):
        axis.annotate(
            name,
            (axis.get_xlim()[1], math.exp(place)),
            color=colour,
            va="center",
            fontsize=NAME_POINTS,
            fontweight="bold" if name == OURS else "normal",
            annotation_clip=False,
        )
