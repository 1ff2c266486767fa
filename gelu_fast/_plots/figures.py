"""Figures as files: matplotlib, the style that all of them share, and writing one whole."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .._files.errors import Refused
from .._files.new_file import free_target, new_file

if TYPE_CHECKING:  # matplotlib is imported where something is drawn
    from matplotlib.figure import Figure
    from matplotlib.patheffects import AbstractPathEffect

FORMATS = ("png", "svg", "pdf")
DATELESS: dict[str, dict[str, Any]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}

# The colours of Okabe and Ito, which colour-blind people tell apart.
VERMILION, BLUE, GREEN, PURPLE = "#d55e00", "#0072b2", "#009e73", "#cc79a7"
INK, FADED, PALE = "0.15", "0.45", "0.88"

STYLE: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": FADED,
    "axes.labelcolor": FADED,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "font.size": 9,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "lines.solid_capstyle": "round",
    "savefig.dpi": 110,
    "svg.hashsalt": "gelu_fast",  # the same figure is the same file
    "text.color": INK,
    "xtick.color": FADED,
    "xtick.major.width": 0.6,
    "ytick.color": FADED,
    "ytick.major.width": 0.6,
}


def format_of(name: str) -> str:
    return os.path.splitext(name)[1][1:].lower()


class FigureFile:
    """A figure to be: refuses at once, before anything is computed, what could not be written."""

    def __init__(self, output: str, force: bool, source: str | None = None) -> None:
        self.path = free_target(source, output, force)
        self.format = format_of(output)
        self.force = force
        require_matplotlib()

    @contextmanager
    def drawn(self, width: float, height: float) -> Iterator[Figure]:
        """Yields a matplotlib figure of a size in inches, and writes it when the block ends."""
        import matplotlib.style
        from matplotlib.figure import Figure  # without pyplot no window system is looked for

        with warnings.catch_warnings(), matplotlib.style.context(["default", STYLE]):
            warnings.filterwarnings("ignore", "Glyph .* missing")  # in the name of a file
            figure = Figure(figsize=(width, height), layout="constrained")
            yield figure
            with new_file(self.path, self.force) as file:
                figure.savefig(file, format=self.format, metadata=DATELESS[self.format])


def require_matplotlib() -> None:
    try:
        import matplotlib.figure  # noqa: F401
    except Exception as error:  # not installed, or built for another NumPy
        raise Refused(
            "drawing needs matplotlib (the extra `plot` of gelu_fast, or pip install matplotlib),"
            f" which cannot be imported: {str(error).splitlines()[0]}"
        ) from error


def number(x: float, digits: int = 5) -> str:
    """As people write it: with a minus sign and without the zeros of an exponent."""
    mantissa, _, power = f"{x:.{digits}g}".partition("e")
    return (f"{mantissa}e{int(power)}" if power else mantissa).replace("-", "\N{MINUS SIGN}")


def outline() -> list[AbstractPathEffect]:
    """What keeps a text readable on a curve."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground="white")]
