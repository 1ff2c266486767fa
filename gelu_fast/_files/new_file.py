"""Writes an output file that appears only when it is complete, and that replaces an existing file
only with `force`."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter

from .errors import Refused, blaming
from .leftovers import SUFFIX, hold, unfinished
from .streams import STREAM


def free_target(source: str | None, target: str, force: bool) -> str:
    """Returns the real path of the target (symbolic links are followed), or raises Refused if the
    target must not be written.

    `source` is the input file, "-" for standard input, or None."""
    if not target:
        raise Refused("'': is no name of a file")
    if not os.path.basename(target):
        raise Refused(f"{target!r}: is a folder")
    path = os.path.realpath(target)
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if os.path.isdir(os.path.dirname(path)):
            return path
        raise Refused(f"{target!r}: no such folder: {os.path.dirname(path)!r}") from None
    except OSError as error:
        raise Refused(f"{target!r}: {error.strerror}") from error
    if stat.S_ISDIR(mode):
        raise Refused(f"{target!r}: is a folder")
    if not stat.S_ISREG(mode):
        raise Refused(f"{target!r}: exists and is not a regular file")
    if source and source != STREAM and os.path.exists(source) and os.path.samefile(source, path):
        raise Refused(f"{target!r}: is the same file as the input {source!r}")
    if not force:
        raise Refused(f"{target!r}: exists already; --force replaces it")
    return path


@contextmanager
def new_file(path: str, force: bool) -> Iterator[BufferedWriter]:
    """Yields a file to write. It gets the name `path` when the block ends, and is deleted if the
    block fails.

    Every OSError in the block becomes a Refused that names this file.
    """
    temporary = unfinished(path, SUFFIX)
    with blaming(path):
        try:
            with open(temporary, "xb", opener=as_private_as(path)) as file:
                hold(file.fileno())
                yield file
            rename(temporary, path, force)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)


def as_private_as(path: str) -> Callable[[str, int], int]:
    """Returns an opener of a new file. If the file will replace one, it has the permissions of that
    one from the start, and its owner and group if this user may give them."""

    def opener(name: str, flags: int) -> int:
        try:
            old = os.stat(path)
        except FileNotFoundError:
            return os.open(name, flags, 0o666)  # less the umask
        descriptor = os.open(name, flags, 0o600)
        if hasattr(os, "fchmod"):  # Windows has no such permissions
            with suppress(OSError):
                os.fchown(descriptor, old.st_uid, old.st_gid)
            os.fchmod(descriptor, old.st_mode & 0o777)
        return descriptor

    return opener


def rename(temporary: str, path: str, force: bool) -> None:
    """Gives the finished file its name; without `force`, it replaces no other file."""
    if force:
        os.replace(temporary, path)
        return
    try:
        os.link(temporary, path)  # unlike os.rename, this never replaces a file
    except FileExistsError:
        raise Refused(f"{path!r}: appeared while the output was computed") from None
    except OSError:  # the file system has no hard links
        if os.path.lexists(path):
            raise Refused(f"{path!r}: appeared while the output was computed") from None
        os.rename(temporary, path)
