"""What the rewriter says about its work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

DOMAIN, VERSION = "gelu_fast", 1


class Replacement(NamedTuple):
    """One replacement of `accelerate`.

    Attributes
    ----------
    what : str
        The operators that were replaced, such as "com.microsoft FastGelu" or "Erf subgraph", and
        " with bias" or " with product" if this operation was replaced too.
    function : str
        The function of gelu_fast, such as "gelu".
    output : str
        The name of the tensor that it computes.
    """

    what: str
    function: str
    output: str


def summary(report: Iterable[Replacement]) -> list[str]:
    """Lines such as "12 x Erf subgraph with bias -> bias_gelu", the most frequent first."""
    counts = Counter((each.what, each.function) for each in report)
    return [f"{n} x {what} -> {function}" for (what, function), n in counts.most_common()]
