"""One .npy file through one ufunc: memory stays bounded, and the output appears only when whole."""

from __future__ import annotations

import math
import os
from collections.abc import Callable

import numpy as np

from .._core.arrays import Array, Dtype
from .errors import Refused
from .new_file import free_target, new_file
from .npy import open_array, read_into

# Input and output chunk together stay in a core's own cache, between the copy that reads them and
# the copy that writes them.
CHUNK_BYTES = 1 << 18


def apply_file(
    source: str,
    target: str,
    function: np.ufunc,
    *,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Writes function(array in source) to target, both .npy files of any size.

    Elements are read, computed and written a chunk at a time into two small buffers. Plain reads
    rather than a memory map: mapped pages count as resident memory, and a file that shrinks or a
    disk that fails meanwhile is an error to report instead of a fatal signal.

    The dtype of the output is what the ufunc gives, so its byte order is the machine's; C or
    Fortran order is that of the input. An existing target is replaced only with `force`.

    `progress(done, total)`, in bytes of input, is called before each chunk and before the finished
    file gets its name; what it raises abandons the job.
    """
    target = free_target(source, target, force)
    with open_array(source) as (file, shape, fortran_order, dtype):
        result = result_dtype(source, function, dtype)
        count = math.prod(shape)
        with new_file(target, force) as output:
            np.lib.format.write_array_header_1_0(
                output,
                {
                    "descr": np.lib.format.dtype_to_descr(result),
                    "fortran_order": fortran_order,
                    "shape": shape,
                },
            )
            step = CHUNK_BYTES // max(dtype.itemsize, result.itemsize)
            x = np.empty(min(step, count), dtype)
            y = np.empty(min(step, count), result)
            for start in range(0, count, step):
                progress(start * dtype.itemsize, count * dtype.itemsize)
                n = min(step, count - start)
                read_into(source, file, x[:n])
                function(x[:n], out=y[:n])
                output.write(y[:n].view(np.uint8).data)
            output.flush()
            os.fsync(output.fileno())  # some file systems report a full disk only here
            progress(count * dtype.itemsize, count * dtype.itemsize)


def result_dtype(path: str, function: np.ufunc, dtype: Dtype) -> Dtype:
    """The dtype the ufunc gives for this one."""
    try:
        if dtype.subdtype:  # each element an array of its own: np.save never writes it
            raise TypeError
        result: Array = function(np.empty(0, dtype))
        return result.dtype
    except TypeError as error:
        floats = ", ".join(np.dtype(loop[0]).name for loop in function.types)
        bfloat16 = " (what np.save makes of bfloat16)" if dtype.str == "|V2" else ""
        raise Refused(
            f"{path!r}: dtype {dtype}{bfloat16} is not supported by {function.__name__}: allowed"
            f" are {floats}, integers and bool"
        ) from error
