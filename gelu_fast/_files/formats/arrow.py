"""Arrow IPC files, which are version 2 of Feather too, and Arrow IPC streams, through pyarrow."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from typing import Any, BinaryIO

from ..errors import blaming
from ..job import Job, Progress, Steps, Write
from ..npy import open_regular
from ..packages import needing, reading, writing

ENDINGS = (".arrow", ".feather", ".arrows", ".ipc")
KIND = "an Arrow IPC file"
MAGIC = b"ARROW1"  # of a file; a stream has none
LARGE = 1 << 23  # bytes of a batch that is not read at once
CODECS = {b"\x04\x22\x4d\x18": "lz4", b"\x28\xb5\x2f\xfd": "zstd"}  # how their frames begin


@contextmanager
def opened(job: Job) -> Iterator[Write]:
    """The batches are kept, but a large one becomes several."""
    with needing(job.source, "pyarrow"):
        import pyarrow as pa

        from ..columns import Columns, pieces
    with ExitStack() as stack:
        with blaming(job.source):
            file = Parts(stack.enter_context(open_regular(job.source)))
        with reading(job.source, KIND):
            is_file = file.file.peek(len(MAGIC)).startswith(MAGIC)
            source = (pa.ipc.open_file if is_file else pa.ipc.open_stream)(pa.PythonFile(file, "r"))
            columns = Columns(job, source.schema)
            batches = read(source, is_file)
            first = next(batches, None)

        def write(output: BinaryIO, progress: Progress) -> None:
            steps = Steps(progress, file.total)
            options = pa.ipc.IpcWriteOptions(
                compression=codec(first[0], file) if first else None, emit_dictionary_deltas=True
            )
            more = {"metadata": source.metadata} if getattr(source, "metadata", None) else {}
            new = pa.ipc.new_file if is_file else pa.ipc.new_stream
            with new(output, columns.schema, options=options, **more) as writer:
                found = first
                while found:
                    batch, metadata = found
                    piece = None
                    for piece in pieces(batch):
                        with writing(job.source):
                            writer.write_batch(columns.apply(piece), metadata)
                        file.forget()
                        steps.add(piece.nbytes)
                    del found, batch, piece
                    with reading(job.source, KIND):
                        found = next(batches, None)
            steps.finish()

        yield write


def read(source: Any, is_file: bool) -> Iterator[Any]:
    """The batches, each with its own metadata."""
    if is_file:
        for i in range(source.num_record_batches):
            yield source.get_batch_with_custom_metadata(i)
    else:
        yield from source.iter_batches_with_custom_metadata()


class Parts:
    """A file that pyarrow reads. A large part of it, which can only be a large batch, is mapped
    into memory, because a batch has to be in memory as a whole; `forget` gives the memory back to
    the system, which reads it again where it is needed."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.total = file.seek(0, 2)
        file.seek(0)
        self.map: mmap.mmap | None = None
        self.last: Any = b""  # what was read last

    def read(self, size: int = -1) -> Any:
        start = self.file.tell()
        size = self.total - start if size < 0 else min(size, self.total - start)
        if size < LARGE:
            self.last = self.file.read(size)
        else:
            before = start % mmap.ALLOCATIONGRANULARITY
            self.map = mmap.mmap(
                self.file.fileno(), before + size, offset=start - before, access=mmap.ACCESS_READ
            )
            self.last = memoryview(self.map)[before:]
            self.file.seek(start + size)
        return self.last

    read_buffer = read  # which pyarrow calls where it need not copy

    def forget(self) -> None:
        if self.map is not None and hasattr(self.map, "madvise"):
            self.map.madvise(mmap.MADV_DONTNEED)

    def seek(self, *to: int) -> int:
        return self.file.seek(*to)

    def tell(self) -> int:
        return self.file.tell()

    def size(self) -> int:
        return self.total

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    @property
    def closed(self) -> bool:
        return self.file.closed

    def close(self) -> None:
        self.map = None
        self.last = b""


def codec(batch: Any, file: Parts) -> str | None:
    """The compression of a batch that was just read, which pyarrow does not tell. The buffers of a
    batch without compression are in the memory that was read; a compressed buffer there is a number
    of eight bytes and a frame, or -1 and the bytes as they are."""
    import pyarrow as pa

    memory = pa.py_buffer(file.last)
    buffers = [one for column in batch.columns for one in column.buffers() if one and one.size]
    if all(0 <= one.address - memory.address < max(memory.size, 1) for one in buffers):
        return None
    data = bytes(memory[:LARGE])
    found = [(data.find(frame), name) for frame, name in CODECS.items()]
    return min((one for one in found if one[0] >= 0), default=(0, "lz4"))[1]
