"""Zarr stores in folders, versions 2 and 3, through zarr.

Files that are no chunks of computed arrays are copied, so metadata, attributes and other arrays
keep their bytes. A chunk that is not stored has the fill value; the results of such chunks are not
stored either, and the fill value becomes its result."""

from __future__ import annotations

import itertools
import os
import shutil
import warnings
from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..._core.arrays import Array
from ..errors import Refused, blaming
from ..job import Job, Progress, Steps, Write
from ..npy import as_bfloat16
from ..numbers import is_float, result_dtype
from ..packages import needing, reading, writing
from ..selection import selected

ENDINGS = (".zarr",)
KIND = "a Zarr store"
METADATA = ("zarr.json", ".zarray", ".zgroup", ".zattrs", ".zmetadata")


def is_store(path: str) -> bool:
    return any(os.path.isfile(os.path.join(path, name)) for name in METADATA[:3])


@contextmanager
def opened(job: Job) -> Iterator[Write]:
    """The arrays keep their chunks, compression, byte order and metadata."""
    with needing(job.source, "zarr"):
        import zarr
    source = job.source.rstrip("/")
    with blaming(job.source):
        os.stat(source)
    if not is_store(source):
        raise Refused(f"{job.source!r}: not {KIND}: it is no folder with {', '.join(METADATA[:3])}")
    with reading(job.source, KIND), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other files in the folder
        root = zarr.open(source, mode="r")
        if isinstance(root, zarr.Array):
            arrays = {"": root}
        else:
            arrays = {
                name: one
                for name, one in sorted(root.members(max_depth=None))
                if isinstance(one, zarr.Array)
            }
    if "" in arrays and job.names is not None:
        raise Refused(f"{job.source!r}: its only array has no name to choose")
    floats = {name: is_float(job, one.dtype) for name, one in arrays.items()}
    chosen = [
        Computed(job, name, arrays[name])
        for name in selected(job.source, "tensor", floats, job.names)
    ]

    def write(folder: str, progress: Progress) -> None:
        skipped = {os.path.join(source, one.name) if one.name else source for one in chosen}
        steps = Steps(progress, sum(os.path.getsize(path) for path in files(source)))
        copy_tree(source, folder, skipped, steps)
        for one in chosen:
            one.write(folder, steps)
        if any(one.is_changed for one in chosen) and is_consolidated(root):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the specification of version 3 does not have it
                zarr.consolidate_metadata(folder)
        steps.finish()

    yield write


class Computed:
    """An array that is computed."""

    def __init__(self, job: Job, name: str, array: Any) -> None:
        self.job, self.name, self.array = job, name, array
        path = f"{job.source}/{name}" if name else job.source
        self.is_bfloat16 = job.bfloat16 and array.dtype.str == "|V2"
        dtype = as_bfloat16(path, array.dtype) if self.is_bfloat16 else array.dtype
        self.dtype = dtype
        result = result_dtype(path, job.function, dtype)
        self.result = array.dtype if self.is_bfloat16 else result
        self.is_changed = self.result != array.dtype.newbyteorder("=")
        if self.is_changed and array.filters:
            raise Refused(f"{path!r}: has filters for {array.dtype}, which results do not have")
        self.fill = array.fill_value
        if self.fill is not None:
            before = np.full(1, self.fill, array.dtype)
            after = self.apply(before)
            self.fill = after[0]
            self.is_changed |= after.tobytes() != before.astype(self.result).tobytes()

    def apply(self, x: Array) -> Array:
        y: Array = np.asarray(self.job.function(np.asarray(x, order="C").view(self.dtype)))
        return y.view(self.result) if self.is_bfloat16 else y

    def write(self, folder: str, steps: Steps) -> None:
        import zarr

        array, config = self.array, {"write_empty_chunks": True}
        if self.is_changed:
            self.create(folder)
        new = zarr.open_array(folder, path=self.name, mode="r+", config=config)
        unit = array.shards or array.chunks
        counts = [range(-(-n // step)) for n, step in zip(array.shape, unit, strict=True)]
        for place in itertools.product(*counts):
            key = array.metadata.encode_chunk_key(place)
            path = os.path.join(self.job.source, self.name, *key.split("/"))
            try:
                size = os.path.getsize(path)
            except FileNotFoundError:
                continue  # has the fill value
            region = tuple(slice(i * n, (i + 1) * n) for i, n in zip(place, unit, strict=True))
            with reading(self.job.source, KIND):
                x = np.asarray(array[region])
            with writing(self.job.source):
                new[region] = self.apply(x)
            os.utime(folder)  # an old folder that cannot be locked looks like a leftover
            steps.add(size)

    def create(self, folder: str) -> None:
        """Makes the array anew, with another dtype or fill value."""
        import zarr

        array, meta = self.array, self.array.metadata
        options: dict[str, Any] = {"order": array.order}
        if meta.zarr_format == 3:
            options = {
                "serializer": array.serializer if self.result == array.dtype else "auto",
                "chunk_key_encoding": meta.chunk_key_encoding,
                "dimension_names": meta.dimension_names,
            }
        else:
            separator = meta.dimension_separator
            options["chunk_key_encoding"] = {"name": "v2", "separator": separator}
        with writing(self.job.source):
            zarr.create_array(
                folder,
                name=self.name or None,
                shape=array.shape,
                dtype=self.result,
                chunks=array.chunks,
                shards=array.shards,
                filters=array.filters or None,
                compressors=array.compressors or None,
                fill_value=self.fill,
                zarr_format=meta.zarr_format,
                attributes=dict(array.attrs),
                overwrite=True,
                **options,
            )


def is_consolidated(root: Any) -> bool:
    return getattr(root.metadata, "consolidated_metadata", None) is not None


def entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return list(found)


def files(folder: str) -> Iterator[str]:
    for entry in entries(folder):
        if entry.is_dir():
            yield from files(entry.path)
        else:
            yield entry.path


def copy_tree(source: str, target: str, skipped: Set[str], steps: Steps) -> None:
    """Copies the files of a folder. In the folders that are skipped, only metadata is copied."""
    for entry in entries(source):
        to = os.path.join(target, entry.name)
        if source in skipped and entry.name not in METADATA:
            continue
        if entry.is_dir():
            os.mkdir(to)
            copy_tree(entry.path, to, skipped, steps)
        else:
            shutil.copyfile(entry.path, to)
            steps.add(entry.stat().st_size)
