"""The unfinished files and folders of runs that were killed.

A run writes to a file or a folder with a name of its own, on which it holds a lock. Only a run that
is killed, or a computer that loses power, leaves it behind; a later run in the same folder removes
it."""

import os
import re
import shutil
import stat
import time
from contextlib import suppress

try:
    import fcntl
except ImportError:  # Windows, which does not delete a file that a run has opened
    fcntl = None  # type: ignore[assignment]

PREFIX, SUFFIX, FOLDER_SUFFIX = ".gelu-fast-", ".part", ".parts"
NAME = re.compile(rf"{re.escape(PREFIX)}[0-9a-f]{{16}}{re.escape(SUFFIX)}(s?)")
OLD = 3600  # seconds since the last change; the lock of another computer may not be visible here


def hold(descriptor: int) -> None:
    """Locks the file until it is closed. Some file systems have no locks."""
    if fcntl:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_leftovers(folder: str) -> None:
    """Removes the old unfinished files and folders in the folder that no run holds."""
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
