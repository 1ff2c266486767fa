"""Columns of Arrow data: which are computed, with what types, and a batch of them in pieces."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from ..arrow._apply import apply
from ..arrow._types import FLOATS, values_of
from .errors import Refused
from .job import Job, check_no_bfloat16
from .packages import first_line
from .selection import selected

PIECE_BYTES = 1 << 22  # of memory, of what is computed at once


class Columns:
    """Computes the columns of a job. `schema` is that of the results."""

    def __init__(self, job: Job, schema: Any) -> None:
        check_no_bfloat16(job)
        self.function = job.function
        counts = Counter(schema.names)
        for name in schema.names:
            if counts[name] > 1:
                raise Refused(f"{job.source!r}: {counts[name]} columns have the name {name!r}")
        labels = index_of_pandas(schema.metadata)
        floats = {
            field.name: values_of(field.type).id in FLOATS and field.name not in labels
            for field in schema
        }
        self.names = selected(job.source, "column", floats, job.names)
        places = {name: i for i, name in enumerate(schema.names)}
        self.places = [places[name] for name in self.names]
        fields, metadata = list(schema), schema.metadata
        self.changed: set[str] = set()  # the names of columns that get another type
        for i in self.places:
            kind = self.type_of(job, fields[i])
            if kind != fields[i].type:
                self.changed.add(fields[i].name)
                metadata = described(metadata, fields[i].name, kind)
                fields[i] = fields[i].with_type(kind)
        self.schema = pa.schema(fields, metadata)

    def type_of(self, job: Job, field: Any) -> Any:
        """The type of the results."""
        try:
            return apply(job.function, pa.nulls(0, field.type)).type
        except TypeError as error:
            raise Refused(
                f"{job.source!r}: column {field.name!r} cannot be computed: {first_line(error)}"
            ) from error

    def apply(self, batch: Any) -> Any:
        """The batch with results."""
        arrays = list(batch.columns)
        for i in self.places:
            arrays[i] = apply(self.function, arrays[i])
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def pieces(batch: Any) -> Iterator[Any]:
    """The batch in slices of PIECE_BYTES or less, but of at least one row."""
    count = max(1, -(-batch.nbytes // PIECE_BYTES)) if batch.num_rows else 1
    rows = max(1, -(-batch.num_rows // count))
    yield from (batch.slice(start, rows) for start in range(0, max(1, batch.num_rows), rows))


def index_of_pandas(metadata: Any) -> set[str]:
    """The names of the columns that are the index of a frame of pandas, whose labels a ufunc keeps
    too."""
    try:
        index = json.loads(metadata[b"pandas"])["index_columns"]
        return {name for name in index if isinstance(name, str)}  # a range has no column
    except (TypeError, LookupError, ValueError):
        return set()  # no metadata, or not of pandas


def described(metadata: Any, name: str, kind: Any) -> Any:
    """The metadata of a schema, in which pandas is told the new type of a column."""
    try:
        pandas = json.loads(metadata[b"pandas"])
        for column in pandas["columns"]:
            if column["field_name"] == name:
                dtype = np.dtype(kind.to_pandas_dtype()).name
                is_nullable = column["numpy_type"][0].isupper()  # such as Int64
                column["pandas_type"] = dtype
                column["numpy_type"] = dtype.capitalize() if is_nullable else dtype
    except (TypeError, LookupError, ValueError, AttributeError, NotImplementedError):
        return metadata  # none, or not of pandas
    return {**metadata, b"pandas": json.dumps(pandas).encode()}
