"""A small picture of each function of the table."""

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

import gelu_fast

X = np.linspace(-5, 5, 401)
SECOND = [0.25, 1, 2]  # values of a parameter, of a bias, of the other half of a gate
# Colours for light and dark pages.
LINES = ["#3b82c4", "#d9711c", "#2f9e6e"]
GRAY = "#888888"
STYLE = {
    "axes.edgecolor": GRAY,
    "axes.labelcolor": GRAY,
    "font.size": 9,
    "legend.frameon": False,
    "legend.labelcolor": GRAY,
    "svg.fonttype": "none",
    "svg.hashsalt": "gelu_fast",
    "text.color": GRAY,
    "xtick.color": GRAY,
    "ytick.color": GRAY,
}


def draw(row, path):
    """Draws the function of a row against x, or against gate; dy is 1, and another input has
    several values."""
    main = "gate" if "gate" in row.inputs else "x"
    others = [name for name in row.inputs if name not in (main, "dy")]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(4.4, 2.5), layout="constrained")
        axes = figure.add_subplot()
        axes.axhline(0, color=GRAY, linewidth=0.5)
        axes.axvline(0, color=GRAY, linewidth=0.5)
        for value, color in zip(SECOND if others else [None], LINES, strict=False):
            operands = [{main: X, "dy": 1.0}.get(name, value) for name in row.inputs]
            results = getattr(gelu_fast, row.function)(*operands)
            results = results if row.nout > 1 else [results]
            for output, result, dash in zip(row.outputs, results, ["-", "--"], strict=False):
                axes.plot(X, result, dash, color=color, label=label(row, output, others, value))
        axes.set_xlabel(main if "dy" not in row.inputs else f"{main}  (dy = 1)")
        axes.spines[["top", "right"]].set_visible(False)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(fontsize=8)
        figure.savefig(path, transparent=True, metadata={"Date": None})


def label(row, output, others, value):
    """The words of the legend, or None if there is one line."""
    words = [output] if row.nout > 1 else []
    words += [f"{name} = {value}" for name in others]
    return ", ".join(words) or None
