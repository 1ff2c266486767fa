"""A row of the C table, functions.def, as an object."""

from typing import NamedTuple


class Row(NamedTuple):
    """One function in one dtype; the head of functions.def explains the fields."""

    function: str
    nin: int
    nout: int
    half: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    definition: str
    left: str | None
    right: str | None
    formula: str
    limits: str
    source: str
    arguments: str
    result: str
    dtype: str
    bound_ulp: float
    lo: float
    hi: float
    worst: float
