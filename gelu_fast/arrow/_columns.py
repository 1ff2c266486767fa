"""Applies a function to columns: arrays, chunked arrays and scalars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ._array import on_array
from ._arrays import on_arrays

COLUMNS = (pa.Array, pa.ChunkedArray)
Function = Callable[..., Any]


def on_columns(function: Function, operands: Sequence[Any]) -> tuple[Any, ...]:
    """The results for operands that are arrays, chunked arrays and numbers."""
    columns = [x for x in operands if isinstance(x, COLUMNS)]
    if not columns:
        return on_scalars(function, operands)
    lengths = [len(x) for x in columns]
    if len(columns) > 1 and len(set(lengths)) > 1:
        given = ", ".join(map(str, lengths))
        raise ValueError(f"data must have equal lengths, or be numbers; got lengths {given}")
    chunked = [x for x in columns if isinstance(x, pa.ChunkedArray)]
    if not chunked:
        return on_pieces(function, operands)
    results = [on_pieces(function, among(operands, chunk)) for chunk in chunks(columns)]
    return tuple(map(pa.chunked_array, zip(*results, strict=True)))


def on_pieces(function: Function, operands: Sequence[Any]) -> tuple[Any, ...]:
    """The results for operands that are arrays and numbers."""
    return on_array(function, *operands) if len(operands) == 1 else on_arrays(function, operands)


def chunks(columns: Sequence[Any]) -> list[list[Any]]:
    """The columns, cut where a chunk of any of them ends. There is at least one piece."""
    if len(columns) == 1:
        found = [[chunk] for chunk in columns[0].chunks]
    else:
        names = [*map(str, range(len(columns)))]
        found = [batch.columns for batch in pa.table([*columns], names).to_batches()]
    return found or [[pa.nulls(0, x.type) for x in columns]]


def among(operands: Sequence[Any], arrays: Iterable[Any]) -> list[Any]:
    """The operands with arrays in place of the columns."""
    rest = iter(arrays)
    return [next(rest) if isinstance(x, COLUMNS) else x for x in operands]


def on_scalars(function: Function, operands: Sequence[Any]) -> tuple[Any, ...]:
    """The results for numbers. One of them, with a type if any has one, becomes an array."""
    typed = [i for i, x in enumerate(operands) if isinstance(x, np.generic | pa.Scalar)]
    place = typed[0] if typed else 0
    one = operands[place]
    array = pa.nulls(1, one.type) if isinstance(one, pa.Scalar) else pa.array([one])
    results = on_arrays(function, [*operands[:place], array, *operands[place + 1 :]])
    return tuple(result[0] for result in results)
