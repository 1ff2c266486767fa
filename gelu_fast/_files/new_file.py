"""An output file that appears only when it is whole, and replaces another only if told to."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter

from .errors import Refused, blaming


def free_target(source: str | None, target: str, force: bool) -> str:
    """The real path of a target that may be written (the end of a symbolic link, not the link).

    `source` is the file that it is made from, or None."""
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
    if source and os.path.exists(source) and os.path.samefile(source, path):
        raise Refused(f"{target!r}: is the same file as the input {source!r}")
    if not force:
        raise Refused(f"{target!r}: exists already; --force replaces it")
    return path


@contextmanager
def new_file(path: str, force: bool) -> Iterator[BufferedWriter]:
    """A file to write that gets the name `path` when the block ends, and is gone if it fails.

    Errors of the operating system in the block are taken to be about this file.
    """
    # The name is settled before the file exists, so no moment is left in which it could be lost.
    temporary = os.path.join(os.path.dirname(path), f".gelu-fast-{secrets.token_hex(8)}.part")
    with blaming(path):
        try:
            with open(temporary, "xb") as file:  # with the permissions the umask gives a new file
                yield file
            rename(temporary, path, force)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)


def rename(temporary: str, path: str, force: bool) -> None:
    """Gives the finished file its name; without `force`, only if nothing else has taken it."""
    if force:
        os.replace(temporary, path)
        return
    try:
        os.link(temporary, path)  # unlike a rename, never replaces a file made in the meantime
    except FileExistsError:
        raise Refused(f"{path!r}: appeared while the output was computed") from None
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise Refused(f"{path!r}: appeared while the output was computed") from None
        os.rename(temporary, path)
