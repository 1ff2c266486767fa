"""Opens .npy files to read them in pieces, and refuses files that are not complete."""

import math
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BufferedReader, BytesIO
from typing import IO, Any, Protocol

import numpy as np

from .._core import dtypes
from .._core.arrays import Array, Dtype
from .errors import Refused, blaming
from .streams import STREAM, standard_input

# NumPy refuses headers of more than 10,000 characters, so this many bytes hold any valid header.
HEADER_BYTES = 1 << 16
ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # how .npz files begin, and empty ones


@contextmanager
def open_array(
    path: str, bfloat16: bool = False
) -> Iterator[tuple[BufferedReader, tuple[int, ...], bool, Dtype]]:
    """Checks an .npy file, and yields (file at the first element, shape, fortran_order, dtype).

    The path "-" is standard input. It may be a pipe, whose size is unknown: `check_end` checks its
    end. With `bfloat16`, the dtype as which np.save stores bfloat16 becomes bfloat16."""
    is_stream = path == STREAM
    with blaming(path):
        file = standard_input() if is_stream else open_regular(path)
    with nullcontext() if is_stream else file:
        with blaming(path):
            shape, fortran_order, dtype = read_header(path, Head(file))
            if dtype.hasobject:
                raise Refused(
                    f"{path!r}: holds pickled Python objects (dtype {dtype}),"
                    " which are never loaded"
                )
            found = os.fstat(file.fileno())
            if stat.S_ISREG(found.st_mode):
                expected = math.prod(shape) * dtype.itemsize
                check_size(path, expected, found.st_size - file.tell())
        yield file, shape, fortran_order, as_bfloat16(path, dtype) if bfloat16 else dtype


def open_regular(path: str) -> BufferedReader:
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise Refused(f"{path!r}: not a regular file")
    return open(path, "rb")


def check_size(path: str, expected: int, found: int) -> None:
    if found != expected:
        what = "truncated" if found < expected else "data after the array"
        raise Refused(f"{path!r}: {what}: expected {expected} bytes of data, found {found}")


class Reader(Protocol):
    def readinto(self, buffer: Any, /) -> int: ...


class Head:
    """Reads the first HEADER_BYTES of a file, so that a damaged header does not fill the memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.left = file, HEADER_BYTES

    @property
    def size(self) -> int:
        """The number of bytes that were read."""
        return HEADER_BYTES - self.left

    def read(self, size: int = HEADER_BYTES) -> bytes:
        data = self.file.read(min(size, self.left))
        self.left -= len(data)
        return data


def read_header(path: str, head: Head) -> tuple[tuple[int, ...], bool, Dtype]:
    """Returns (shape, fortran_order, dtype) as NumPy reads them."""
    try:
        magic = head.read(np.lib.format.MAGIC_LEN)
        if magic.startswith(ZIP):
            raise ValueError(
                "it is a ZIP archive, such as an .npz file: np.load reads the arrays in it, and"
                " np.save stores one of them as an .npy file"
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy warns of headers from Python 2, but reads them
            version = np.lib.format.read_magic(BytesIO(magic))
            if version == (1, 0):
                shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(head)
            elif version == (2, 0):
                shape, fortran_order, dtype = np.lib.format.read_array_header_2_0(head)
            elif version == (3, 0):
                shape, fortran_order, dtype = read_header_3_0(head)
            else:
                raise ValueError("unknown format version {}.{}".format(*version))
            np.broadcast_to(np.uint8(0), shape)  # raises for a shape that no array can have
    except Exception as error:  # a corrupt header can make the parser raise almost any exception
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise Refused(f"{path!r}: not a readable .npy file: {reason}") from error
    return shape, fortran_order, dtype


def read_header_3_0(head: Head) -> tuple[tuple[int, ...], bool, Dtype]:
    """Reads a header of version 3.0 as one of 2.0, from which it differs in two respects: its text
    is UTF-8, and NumPy reads no integers of Python 2 in it. Letters beyond ASCII occur only in
    names of fields, and no function supports dtypes with fields."""
    length = int.from_bytes(head.read(4), "little")
    data = head.read(length)
    if len(data) != length:
        raise ValueError("the header is truncated")
    text = data.decode().encode("ascii", "replace")
    warnings.filterwarnings("error", ".* created on Python 2", UserWarning)
    try:
        return np.lib.format.read_array_header_2_0(BytesIO(len(text).to_bytes(4, "little") + text))
    except UserWarning as error:
        raise ValueError("a header of version 3.0 with integers of Python 2") from error


def read_into(path: str, file: Reader, array: Array) -> None:
    """Fills the array with the next bytes of the file."""
    with blaming(path):
        if file.readinto(array.view(np.uint8).data) != array.nbytes:
            what = "truncated" if path == STREAM else "became shorter while it was read"
            raise Refused(f"{path!r}: {what}")


def check_end(path: str, file: BufferedReader) -> None:
    """Refuses a stream that has more than the array."""
    with blaming(path):
        if path == STREAM and file.read(1):
            raise Refused(f"{path!r}: data after the array")


def as_bfloat16(path: str, stored: Dtype) -> Dtype:
    """Returns the dtype bfloat16, if the file has the dtype as which np.save stores bfloat16."""
    if stored.str != "|V2":
        raise Refused(
            f"{path!r}: --bfloat16 needs dtype |V2, as which np.save stores bfloat16, not {stored}"
        )
    if dtypes.BFLOAT16 is None:
        raise Refused(f"{path!r}: bfloat16 is not available: {dtypes.WHY_NO_BFLOAT16}")
    return dtypes.BFLOAT16
