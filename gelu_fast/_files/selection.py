"""Which columns, tensors or arrays a job computes: those whose names match patterns of the
shell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from .errors import Refused

LISTED = 20  # names in an error


def selected(
    path: str, kind: str, floats: Mapping[str, bool], patterns: Sequence[str] | None
) -> list[str]:
    """The names that match one of the patterns, in their order; without patterns all that `floats`
    says are of floats. `kind` is what the names are names of, such as "column"."""
    there = f"there are {listed(list(floats))}" if floats else "there is none"
    if patterns is None:
        found = [name for name, is_float in floats.items() if is_float]
        if not found:
            way = f": choose with --{kind}s what to compute" if floats else ""
            raise Refused(f"{path!r}: no {kind} has floats; {there}{way}")
        return found
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in floats):
            raise Refused(f"{path!r}: no {kind} matches {pattern!r}; {there}")
    return [name for name in floats if any(fnmatchcase(name, pattern) for pattern in patterns)]


def listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(repr, names[:LISTED])) + more
