"""Applies a function to columns of record batches, tables and readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa

from ._types import FLOATS, values_of

OnColumn = Callable[[Any], tuple[Any, ...]]


def on_records(function: OnColumn, records: Any, columns: str | Iterable[str] | None) -> Any:
    """The records with results in place of the columns. `function` takes one column."""
    places = chosen(records.schema, columns)
    fields = list(records.schema)
    for i in places:
        results = function(pa.nulls(0, fields[i].type))
        if len(results) != 1:
            raise TypeError(f"function must have one result for a column; got {len(results)}")
        fields[i] = fields[i].with_type(results[0].type)
    schema = pa.schema(fields, records.schema.metadata)

    def replaced(part: Any) -> Any:
        arrays = [
            function(column)[0] if i in places else column for i, column in enumerate(part.columns)
        ]
        return type(part).from_arrays(arrays, schema=schema)

    if isinstance(records, pa.RecordBatchReader):
        return pa.RecordBatchReader.from_batches(schema, map(replaced, records))
    return replaced(records)


def chosen(schema: Any, columns: str | Iterable[str] | None) -> Sequence[int]:
    """The places of the columns."""
    if columns is None:
        kinds = [values_of(field.type) for field in schema]
        found = [i for i, kind in enumerate(kinds) if kind.id in FLOATS]
        if not found:
            raise ValueError(f"data has no column of floats; name the columns among {schema.names}")
        return found
    names = [columns] if isinstance(columns, str) else [*columns]
    for name in names:
        count = schema.names.count(name)
        if count != 1:
            raise ValueError(
                f"columns must be names of single columns; got {name!r}, which is the name of "
                f"{count} columns among {schema.names}"
            )
    return [schema.names.index(name) for name in names]
