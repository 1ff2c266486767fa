"""Writes an output folder that appears only when it is complete, and that replaces an existing one
only with `force`."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from .errors import Refused, blaming
from .leftovers import FOLDER_SUFFIX, hold, unfinished


def free_folder(source: str, target: str, force: bool, is_ours: Callable[[str], bool]) -> str:
    """Returns the real path of the target, or raises Refused if it must not be written. Only a
    folder that `is_ours` is replaced."""
    path, old = os.path.realpath(target), os.path.realpath(source)
    if not os.path.isdir(os.path.dirname(path)):
        raise Refused(f"{target!r}: no such folder: {os.path.dirname(path)!r}")
    with blaming(target):
        try:
            mode = os.stat(path).st_mode
        except FileNotFoundError:
            mode = None
    if path == old:
        raise Refused(f"{target!r}: is the same folder as the input {source!r}")
    if os.path.commonpath([path, old]) in (path, old):
        raise Refused(f"{target!r}: one of it and the input {source!r} is inside the other")
    if mode is None:
        return path
    if not stat.S_ISDIR(mode) or not is_ours(path):
        raise Refused(f"{target!r}: exists and is not a store of this format")
    if not force:
        raise Refused(f"{target!r}: exists already; --force replaces it")
    return path


@contextmanager
def new_folder(path: str, force: bool) -> Iterator[str]:
    """Yields a folder to fill. It gets the name `path` when the block ends, and is deleted if the
    block fails.

    Every OSError in the block becomes a Refused that names this folder.
    """
    temporary = unfinished(path, FOLDER_SUFFIX)
    with blaming(path):
        try:
            os.mkdir(temporary)
            with held(temporary):
                if os.path.isdir(path):
                    os.chmod(temporary, stat.S_IMODE(os.stat(path).st_mode) & 0o777)
                yield temporary
                to_disk(temporary)
                rename(temporary, path, force)
        finally:
            with suppress(FileNotFoundError):
                shutil.rmtree(temporary)


@contextmanager
def held(folder: str) -> Iterator[None]:
    """Locks the folder, where folders can be opened."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows
        yield
        return
    try:
        hold(descriptor)
        yield
    finally:
        os.close(descriptor)


def to_disk(folder: str) -> None:
    """Some file systems report a full disk no earlier."""
    for parent, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(parent, name), os.O_RDWR)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def rename(temporary: str, path: str, force: bool) -> None:
    """Gives the finished folder its name; without `force`, it replaces nothing. With it, the old
    folder has another name for a moment, which no later run removes."""
    aside = None
    if force and os.path.isdir(path):
        aside = f"{temporary}.old"
        os.rename(path, aside)
    try:
        if os.path.lexists(path):
            raise Refused(f"{path!r}: appeared while the output was computed")
        os.rename(temporary, path)
    except BaseException:
        if aside:
            os.rename(aside, path)
        raise
    if aside:
        shutil.rmtree(aside)
