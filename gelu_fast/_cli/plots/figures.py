"""Makes matplotlib figures in a common style, and writes each as a complete file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..._files.errors import Refused
from ..._files.new_file import free_target, new_file

if TYPE_CHECKING:  # matplotlib is optional, so only the functions that draw import it
    from matplotlib.figure import Figure
    from matplotlib.patheffects import AbstractPathEffect

FORMATS = ("png", "svg", "pdf")
DATELESS: dict[str, dict[str, Any]] = {
    "png": {},
    "svg": {"Date": None},
    "pdf": {"CreationDate": None},
}

# Colour-blind people can distinguish these colours of Okabe and Ito.
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
    "svg.hashsalt": "gelu_fast",  # the same figure gives the same file
    "text.color": INK,
    "xtick.color": FADED,
    "xtick.major.width": 0.6,
    "ytick.color": FADED,
    "ytick.major.width": 0.6,
}


def format_of(name: str) -> str:
    return os.path.splitext(name)[1][1:].lower()


class FigureFile:
    """A figure to draw later. The constructor raises Refused if the file could not be written, so
    that nothing is computed in vain."""

    def __init__(self, output: str, force: bool, source: str | None = None) -> None:
        self.path = free_target(source, output, force)
        self.format = format_of(output)
        self.force = force
        require_matplotlib()

    @contextmanager
    def drawn(self, width: float, height: float) -> Iterator[Figure]:
        """Yields a matplotlib figure of a size in inches, and writes it when the block ends."""
        import matplotlib.style
        from matplotlib.figure import Figure  # pyplot would look for a window system

        with warnings.catch_warnings(), matplotlib.style.context(["default", STYLE]):
            warnings.filterwarnings("ignore", "Glyph .* missing")  # a file name can have any glyph
            figure = Figure(figsize=(width, height), layout="constrained")
            yield figure
            with new_file(self.path, self.force) as file:
                figure.savefig(file, format=self.format, metadata=DATELESS[self.format])


def require_matplotlib() -> None:
    try:
        import matplotlib.figure  # noqa: F401
    except Exception as error:  # matplotlib is not installed, or was built for another NumPy
        raise Refused(
            "drawing needs matplotlib (the extra `plot` of gelu_fast, or pip install matplotlib),"
            f" which cannot be imported: {str(error).splitlines()[0]}"
        ) from error


def number(x: float, digits: int = 5) -> str:
    """Formats a number with a typographic minus sign and without the zeros of an exponent."""
    mantissa, _, power = f"{x:.{digits}g}".partition("e")
    return (f"{mantissa}e{int(power)}" if power else mantissa).replace("-", "\N{MINUS SIGN}")


def outline() -> list[AbstractPathEffect]:
    """Returns a white outline, which keeps text readable on a curve."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=2.5, foreground="white")]
