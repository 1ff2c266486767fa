"""What a folder of results knows about itself, so that a later run can go on.

The folder has a folder `.gelu-fast` with the job, and with a record of each result that is whole:
from which input it was made, and what the input and the result were then. A result is what a later
run would make if the job is the same and neither file has changed since. Files have changed if they
have another size or another time of change, as for `make` and `rsync`: no file is read to find out.

Readers of a folder of data skip a name that begins with a dot.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ..errors import Refused, blaming
from ..new_file import new_file

FOLDER = ".gelu-fast"
JOB = "job.json"

# Everything that decides the bits of a result besides the input: version, function, and options of
# apply_file. JSON can store it.
Job = dict[str, Any]


def record_path(target: str) -> str:
    """Returns the path of the record of a result. Its name has another end than that of the job."""
    folder, name = os.path.split(target)
    return os.path.join(folder, FOLDER, f"{name}.record")


def job_path(folder: str) -> str:
    return os.path.join(folder, FOLDER, JOB)


def read(path: str) -> Any:
    """Returns what is stored in a file of JSON, or None if it cannot be read as that."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def write(path: str, content: Any, force: bool = True) -> None:
    with new_file(path, force) as file:
        file.write(json.dumps(content).encode())


def state(path: str) -> list[Any]:
    """Returns what changes when a file, or a file in a folder, is written: size and time."""
    found = os.stat(path)
    if not stat.S_ISDIR(found.st_mode):
        return [found.st_size, found.st_mtime_ns]
    digest = hashlib.sha256()
    for name, size, changed in sorted(files_in(path, "")):
        digest.update(f"{name}\0{size}\0{changed}\n".encode("utf-8", "surrogateescape"))
    return ["folder", digest.hexdigest()]


def files_in(folder: str, prefix: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from files_in(entry.path, f"{name}/")
            else:
                found = entry.stat()
                yield name, found.st_size, found.st_mtime_ns


def input_state(source: str) -> list[Any]:
    """Returns `state` of an input, or raises Refused if it cannot be found."""
    with blaming(source):
        return state(source)


def store(source: str, before: list[Any], target: str) -> None:
    """Records that the result is whole; `before` was the state of its input."""
    content = {"input": source, "input_state": before, "result_state": state(target)}
    write(record_path(target), content)


def is_whole(source: str, before: list[Any], target: str) -> bool:
    """Whether the result was made from this input as it is now. Raises Refused if it was made from
    another input, because this job must not replace it."""
    record = read(record_path(target))
    try:
        if record["result_state"] != state(target):
            return False
        if record["input"] != source:
            raise Refused(
                f"{target!r}: was made from {record['input']!r}, not from {source!r}: --force"
                " replaces it"
            )
        return bool(record["input_state"] == before)
    except (OSError, TypeError, KeyError):
        return False


def claim(folder: str, names: set[str], job: Job, force: bool) -> None:
    """Makes the folder that of this job, or raises Refused if it has results of another one.

    With `force`, results without a job count as absent, and those of this job are made again."""
    path = os.path.abspath(folder)
    with blaming(folder):
        if not os.path.lexists(path):
            os.mkdir(path)
        if not os.path.isdir(path):
            raise Refused(f"{folder!r}: is a file, and the results need a folder")
        found = read(job_path(path))
        if found is None and not os.path.lexists(job_path(path)):
            taken = sorted(names.intersection(os.listdir(path)))
            if taken and not force:
                raise Refused(
                    f"{os.path.join(folder, taken[0])!r}: exists already, and no record says how it"
                    " was made; --force replaces it"
                )
            os.makedirs(os.path.dirname(job_path(path)), exist_ok=True)
            try:
                write(job_path(path), job, force=False)
            except Refused:
                # Two commands may claim the folder at the same time: the later one finds a job.
                if not os.path.exists(job_path(path)):
                    raise
            found = read(job_path(path))
        if found != job:
            raise Refused(f"{folder!r}: {difference(found, job)}")
        if force:
            for name in names:
                with suppress(FileNotFoundError):
                    os.unlink(record_path(os.path.join(path, name)))


def difference(found: Any, job: Job) -> str:
    """Says in which respect two jobs differ."""
    try:
        old, new = ({**each, **each["options"]} for each in (found, job))
    except (TypeError, KeyError):
        return f"the file {FOLDER}/{JOB} in it cannot be read: delete this folder"
    names = [key for key in [*new, *old] if old.get(key) != new.get(key) and key != "options"]
    name = names[0]
    return (
        f"has results with {name} {old.get(name)}, not {new.get(name)}: choose another folder, or"
        " delete this one"
    )
