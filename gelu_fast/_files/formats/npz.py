"""Archives of arrays, which np.savez and np.savez_compressed write: .npy files in a ZIP file."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

from ..._core.arrays import Dtype
from ..errors import blaming
from ..job import Job, Progress, Steps, Write
from ..npy import Head, as_bfloat16, check_size, open_regular, read_header
from ..numbers import compute, copy, is_float, result_dtype
from ..packages import reading
from ..selection import selected
from .npy import write_header

ENDINGS = (".npz",)
KIND = "an .npz file"
END = ".npy"  # of the names of members that np.load takes for arrays; its names leave it out
LARGE = 1 << 30  # bytes from which the entry of a member has room for sizes beyond 4 GiB


@dataclass
class Member:
    """An array in the archive."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: Dtype
    result: Dtype | None = None  # of what is computed

    @property
    def count(self) -> int:
        return math.prod(self.shape)


@contextmanager
def opened(job: Job) -> Iterator[Write]:
    """The members keep their names, their order, their times and their compression."""
    with blaming(job.source):
        file = open_regular(job.source)
    with file:
        with reading(job.source, KIND), zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            members = {info.filename: read_member(job, archive, info) for info in infos}
            if len(members) < len(infos):
                raise ValueError("two members have the same name")
        choose(job, {name: one for name, one in members.items() if one})

        def write(output: BinaryIO, progress: Progress) -> None:
            steps = Steps(progress, sum(info.file_size for info in infos))
            with zipfile.ZipFile(file) as archive, zipfile.ZipFile(output, "w") as new:
                new.comment = archive.comment
                for info in infos:
                    write_member(job, archive, info, new, members[info.filename], steps)
            steps.finish()

        yield write


def read_member(job: Job, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member | None:
    """The array of a member, or None for what np.load does not take for an array."""
    if not info.filename.endswith(END):
        return None
    path = path_of(job, info)
    with archive.open(info) as file:
        head = Head(file)
        shape, fortran_order, dtype = read_header(path, head)
    if not dtype.hasobject:
        check_size(path, math.prod(shape) * dtype.itemsize, info.file_size - head.size)
    return Member(shape, fortran_order, dtype)


def path_of(job: Job, info: zipfile.ZipInfo) -> str:
    return f"{job.source}/{info.filename}"


def choose(job: Job, members: dict[str, Member]) -> None:
    """Sets the dtypes of the results of the members to compute."""
    floats = {name.removesuffix(END): is_float(job, one.dtype) for name, one in members.items()}
    for name in selected(job.source, "tensor", floats, job.names):
        member, path = members[name + END], f"{job.source}/{name}{END}"
        if job.bfloat16 and member.dtype.str == "|V2":
            member.dtype = as_bfloat16(path, member.dtype)
        member.result = result_dtype(path, job.function, member.dtype)


def write_member(
    job: Job,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    new: zipfile.ZipFile,
    member: Member | None,
    steps: Steps,
) -> None:
    into = zipfile.ZipInfo(info.filename, info.date_time)
    for name in ("compress_type", "comment", "create_system", "external_attr", "internal_attr"):
        setattr(into, name, getattr(info, name))
    size = info.file_size
    if member and member.result:
        size = max(size, member.count * member.result.itemsize)
    with reading(job.source, KIND):
        source = archive.open(info)
    reader = Checked(job.source, source)
    with source, new.open(into, "w", force_zip64=size >= LARGE) as output:
        if member and member.result:
            with reading(job.source, KIND):
                read_header(path_of(job, info), Head(source))
            write_header(output, member.result, member.fortran_order, member.shape)
            kinds = (member.dtype, member.result)
            compute(job, reader, output, member.count, kinds, steps)
        else:
            copy(job, reader, output, info.file_size, steps)
        reader.readinto(bytearray(1))  # at its end, the member is compared with its checksum


class Checked:
    """A member that is read. What is damaged in it raises Refused."""

    def __init__(self, path: str, file: IO[bytes]) -> None:
        self.path, self.file = path, file

    def readinto(self, buffer: Any) -> int:
        with reading(self.path, KIND):
            return self.file.readinto(buffer)  # type: ignore[attr-defined, no-any-return]
