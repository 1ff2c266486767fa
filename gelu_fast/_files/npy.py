"""Opens .npy files to read them in pieces, and refuses files that are not complete."""

import math
import os
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, BytesIO
from typing import BinaryIO

import numpy as np

from .._core.arrays import Array, Dtype
from .errors import Refused, blaming

# NumPy refuses headers of more than 10,000 characters, so this many bytes hold any valid header.
HEADER_BYTES = 1 << 14


@contextmanager
def open_array(path: str) -> Iterator[tuple[BufferedReader, tuple[int, ...], bool, Dtype]]:
    """Checks an .npy file, and yields (file at the first element, shape, fortran_order, dtype)."""
    with blaming(path):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Refused(f"{path!r}: not a regular file")
        with open(path, "rb") as file:
            head = BytesIO(file.read(HEADER_BYTES))
            shape, fortran_order, dtype = read_header(path, head)
            expected = math.prod(shape) * dtype.itemsize
            found = os.fstat(file.fileno()).st_size - head.tell()
            if found != expected:
                what = "truncated" if found < expected else "data after the array"
                raise Refused(f"{path!r}: {what}: expected {expected} bytes of data, found {found}")
            file.seek(head.tell())
            yield file, shape, fortran_order, dtype


def read_header(path: str, head: BinaryIO) -> tuple[tuple[int, ...], bool, Dtype]:
    """Returns (shape, fortran_order, dtype) as NumPy reads them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy warns of headers from Python 2, but reads them
            version = np.lib.format.read_magic(head)
            if version == (1, 0):
                shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(head)
            elif version in ((2, 0), (3, 0)):
                # Version 3.0 only encodes the field names of structured dtypes differently.
                shape, fortran_order, dtype = np.lib.format.read_array_header_2_0(head)
            else:
                raise ValueError("unknown format version {}.{}".format(*version))
            np.broadcast_to(np.uint8(0), shape)  # raises for a shape that no array can have
    except Exception as error:  # a corrupt header can make the parser raise almost any exception
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise Refused(f"{path!r}: not a readable .npy file: {reason}") from error
    if dtype.hasobject:
        raise Refused(
            f"{path!r}: holds pickled Python objects (dtype {dtype}), which are never loaded"
        )
    return shape, fortran_order, dtype


def read_into(path: str, file: BufferedReader, array: Array) -> None:
    """Fills the array with the next bytes of the file."""
    with blaming(path):
        if file.readinto(array.view(np.uint8).data) != array.nbytes:
            raise Refused(f"{path!r}: became shorter while it was read")
