"""Parquet files, through pyarrow.

A row group is written as a whole, so that its size decides how much memory is needed. Larger ones
than GROUP_BYTES become several."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

from ..errors import blaming
from ..job import Job, Progress, Steps, Write
from ..npy import open_regular
from ..packages import needing, reading, writing

ENDINGS = (".parquet", ".pq")
KIND = "a Parquet file"
GROUP_BYTES = 1 << 23  # of memory
BATCH_BYTES = 1 << 19
COLUMN_BYTES = 1 << 12  # of a batch, at least; else the calls for many columns take long
BATCH_ROWS = 1 << 16
READ_BYTES = 1 << 23  # what the buffers of all columns may take
DICTIONARIES = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}
WIDTHS = {"INT32": 4, "INT64": 8, "INT96": 12, "FLOAT": 4, "DOUBLE": 8}  # in bytes
KEPT_ENCODINGS = {
    "BYTE_STREAM_SPLIT",
    "DELTA_BINARY_PACKED",
    "DELTA_BYTE_ARRAY",
    "DELTA_LENGTH_BYTE_ARRAY",
}


@contextmanager
def opened(job: Job) -> Iterator[Write]:
    with needing(job.source, "pyarrow"):
        import pyarrow.parquet as pq

        from ..columns import Columns
    with ExitStack() as stack:
        with blaming(job.source):
            file = stack.enter_context(open_regular(job.source))
        with reading(job.source, KIND):
            width = pq.read_metadata(file).num_columns
            buffer = min(max(READ_BYTES // max(width, 1), 1 << 12), 1 << 18)
            # Buffered reads, because the reader otherwise holds the chunks of all columns.
            options = {"buffer_size": buffer, "pre_buffer": False, "memory_map": False}
            source = stack.enter_context(pq.ParquetFile(file, **options))
            columns = Columns(job, source.schema_arrow)
            if source.num_row_groups:
                # Refuses encrypted columns, whose metadata pyarrow cannot be asked for: it aborts.
                next(source.iter_batches(1, row_groups=[0], use_threads=False), None)

        def write(output: BinaryIO, progress: Progress) -> None:
            steps = Steps(progress, sum(groups(source)))
            options = layout(source, columns)
            with writing(job.source), pq.ParquetWriter(output, columns.schema, **options) as writer:
                for i in range(source.num_row_groups):
                    copy_group(job, source, i, columns, writer, steps)
            steps.finish()

        yield write


def groups(source: Any) -> list[int]:
    """The sizes of the row groups, in bytes, before compression."""
    meta = source.metadata
    return [meta.row_group(i).total_byte_size for i in range(meta.num_row_groups)]


def copy_group(job: Job, source: Any, i: int, columns: Any, writer: Any, steps: Steps) -> None:
    found = source.metadata.row_group(i)
    count, size = found.num_rows, found.total_byte_size
    batch_bytes = max(BATCH_BYTES, COLUMN_BYTES * found.num_columns)
    group_bytes = max(GROUP_BYTES, 4 * batch_bytes)
    rows = min(max(1, batch_bytes * count // max(size, 1)), BATCH_ROWS)
    batches = source.iter_batches(rows, row_groups=[i], use_threads=job.threads > 1)
    held: list[Any] = []
    done = memory = 0
    while True:
        with reading(job.source, KIND):
            batch = next(batches, None)
        if batch is None:
            break
        held.append(columns.apply(batch))
        done += batch.num_rows
        memory += held[-1].nbytes
        if memory >= group_bytes and done < count:
            flush(held, columns, writer)
            memory = 0
        steps.add(size * batch.num_rows // count)
    if held or not count:
        flush(held, columns, writer)


def flush(held: list[Any], columns: Any, writer: Any) -> None:
    import pyarrow as pa

    table = pa.Table.from_batches(held, columns.schema)
    held.clear()
    writer.write_table(table, row_group_size=max(1, table.num_rows))
    del table
    pa.default_memory_pool().release_unused()  # what the next row group needs has other sizes


def layout(source: Any, columns: Any) -> dict[str, Any]:
    """The options of pyarrow's writer for the layout of the input, which its first row group
    shows."""
    meta, schema = source.metadata, source.schema
    places = range(meta.num_columns)
    group = meta.row_group(0) if meta.num_row_groups else None
    paths = [schema.column(i).path for i in places]
    options = {
        "version": meta.format_version,
        "store_schema": b"ARROW:schema" in (meta.metadata or {}),
        "use_deprecated_int96_timestamps": any(
            schema.column(i).physical_type == "INT96" for i in places
        ),
        # Elements of lists keep the name that the reader has found, which need not be "element".
        "use_compliant_nested_type": False,
    }
    if group is None or not paths:
        return options
    chunks = [group.column(i) for i in places]
    # Sorted columns that are computed are no longer sorted; those after them depend on them.
    order = []
    for one in group.sorting_columns:
        if belongs(paths[one.column_index], columns.names):
            break
        order.append(one)
    dictionaries = [
        path for path, chunk in zip(paths, chunks, strict=True) if has_dictionary(chunk)
    ]
    encodings = {
        path: encoding
        for path, chunk in zip(paths, chunks, strict=True)
        for encoding in chunk.encodings
        if encoding in KEPT_ENCODINGS
        and path not in dictionaries
        and not belongs(path, columns.changed)
    }
    return options | {
        "compression": {
            path: codec(chunk.compression) for path, chunk in zip(paths, chunks, strict=True)
        },
        "use_dictionary": dictionaries,
        "column_encoding": encodings or None,
        "write_statistics": [
            path for path, chunk in zip(paths, chunks, strict=True) if chunk.is_stats_set
        ],
        "write_page_index": any(chunk.has_offset_index for chunk in chunks),
        "sorting_columns": order or None,
    }


def belongs(path: str, names: Collection[str]) -> bool:
    """Whether the path in a schema is that of one of the columns, or of a part of it."""
    return any(path == name or path.startswith(f"{name}.") for name in names)


def has_dictionary(chunk: Any) -> bool:
    """Whether a column has a dictionary, and is smaller for it. Writers try one for all columns;
    where values are seldom equal they give up, after most of the memory and time that writing
    takes."""
    if not DICTIONARIES.intersection(chunk.encodings):
        return False
    width = WIDTHS.get(chunk.physical_type)
    found = chunk.statistics if chunk.is_stats_set else None
    nulls = found.null_count if found and found.has_null_count else 0
    return not width or chunk.total_uncompressed_size < 0.9 * width * (chunk.num_values - nulls)


def codec(name: str) -> str:
    return "NONE" if name == "UNCOMPRESSED" else name
