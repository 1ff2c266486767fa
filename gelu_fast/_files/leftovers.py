"""The unfinished files and folders of runs that were killed.

A run writes to a file or a folder with a name of its own, on which it holds a lock. Only a run that
is killed, or a computer that loses power, leaves it behind; a later run in the same folder removes
it."""

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

try:
    import fcntl
except ImportError:  # Windows, which does not delete a file that a run has opened
    fcntl = None  # type: ignore[assignment]

PREFIX, SUFFIX, FOLDER_SUFFIX = ".gelu-fast-", ".part", ".parts"
NAME = re.compile(rf"{re.escape(PREFIX)}[0-9a-f]{{16}}{re.escape(SUFFIX)}(s?)")
OLD = 3600  # seconds since the last change; the lock of another computer may not be visible here


LISTED: ContextVar[bool] = ContextVar("LISTED", default=False)
REMOVED: dict[str, float] = {}  # when a folder was listed by removed_leftovers


@contextmanager
def removed_leftovers(*folders: str) -> Iterator[None]:
    """Removes the leftovers in the folders before the block, and no more inside of it. A process
    does so once an hour, because a list of a folder with many results takes long."""
    for folder in folders:
        if time.monotonic() - REMOVED.get(folder, -OLD) >= OLD:
            REMOVED[folder] = time.monotonic()
            remove_leftovers(folder)
    token = LISTED.set(True)
    try:
        yield
    finally:
        LISTED.reset(token)


def hold(descriptor: int) -> None:
    """Locks the file until it is closed. Some file systems have no locks."""
    if fcntl:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def unfinished(path: str, suffix: str) -> str:
    """Removes leftovers beside `path`, and returns a name there for what will get the name `path`.
    It is chosen before anything has it, so that the clean-up always knows it."""
    folder = os.path.dirname(path)
    remove_leftovers(folder)
    return os.path.join(folder, f"{PREFIX}{secrets.token_hex(8)}{suffix}")


def remove_leftovers(folder: str) -> None:
    """Removes the old unfinished files and folders in the folder that no run holds."""
    if LISTED.get():
        return
    with suppress(OSError):  # a folder need not be readable to be written
        for name in os.listdir(folder):
            if match := NAME.fullmatch(name):
                with suppress(OSError):
                    remove_if_left(os.path.join(folder, name), bool(match[1]))


def remove_if_left(path: str, is_folder: bool) -> None:
    """Removes the file or folder if it is an old one that nobody holds, or raises OSError."""
    found = os.lstat(path)
    is_kind, remove = (stat.S_ISDIR, shutil.rmtree) if is_folder else (stat.S_ISREG, os.unlink)
    if not is_kind(found.st_mode) or time.time() - found.st_mtime < OLD:
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if fcntl:
            # Of a file that is open for reading, NFS gives only a shared lock.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            remove(path)
    finally:
        os.close(descriptor)
    if not fcntl:
        remove(path)
