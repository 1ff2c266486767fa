"""The parts of a job: the files that match a pattern, each with the file of its result."""

from __future__ import annotations

import fnmatch
import glob
import os
from typing import NamedTuple

from ..errors import Refused
from ..streams import STREAM


class Part(NamedTuple):
    source: str
    target: str


def is_pattern(name: str) -> bool:
    """Whether the name is a shell pattern, and not that of a file."""
    return glob.has_magic(name) and not os.path.lexists(name)


def find_parts(pattern: str, folder: str) -> list[Part]:
    """Returns the parts, whose paths are absolute because workers may have another current folder.
    Raises Refused if the pattern is empty, or if results would collide."""
    if STREAM in (pattern, folder):
        raise Refused(f"{STREAM!r}: a job of several parts has no standard input or output")
    found = [pattern] if os.path.lexists(pattern) else glob.glob(pattern, recursive=True)
    if not found:
        raise Refused(f"{pattern!r}: no file matches this pattern")
    check_folder(pattern, folder, found)
    parts: dict[str, Part] = {}
    for source in sorted(found):
        name = os.path.basename(source.rstrip(os.sep))
        if name in parts:
            raise Refused(
                f"{source!r}: has the name of {os.path.relpath(parts[name].source)!r}, and the"
                f" folder {folder!r} can hold the result of one only"
            )
        target = os.path.join(os.path.abspath(folder), name)
        parts[name] = Part(os.path.abspath(source), target)
    return list(parts.values())


def check_folder(pattern: str, folder: str, found: list[str]) -> None:
    """Refuses a folder of results which the pattern would match, now or when it has results."""
    results = os.path.realpath(folder)
    fixed, words = split(pattern)
    inside = os.path.commonpath([fixed, results]) == fixed
    below = [] if results == fixed else os.path.relpath(results, fixed).split(os.sep)
    if (
        results in {os.path.realpath(os.path.dirname(source)) for source in found}
        or (inside and "**" in words)
        # A result may have any name, so that only the names of the folders decide.
        or (inside and len(words) <= len(below) + 1 and all(map(fnmatch.fnmatch, below, words)))
    ):
        raise Refused(
            f"{folder!r}: the pattern {pattern!r} would also match the results: choose a folder"
            " outside of the folders of the inputs"
        )


def split(pattern: str) -> tuple[str, list[str]]:
    """Returns the folder before the first wildcard, and the rest of the pattern as names."""
    words = pattern.split(os.sep)
    first = next((i for i, word in enumerate(words) if glob.has_magic(word)), len(words) - 1)
    return os.path.realpath(os.sep.join([*words[:first], ""]) or os.curdir), words[first:]
