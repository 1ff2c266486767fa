"""Applies a ufunc to an .npy file: memory use is bounded, and the output appears only when it is
complete."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from contextlib import nullcontext

import numpy as np

from .._core import dtypes
from .._core.arrays import Array, Dtype
from .errors import Refused
from .new_file import free_target, new_file
from .npy import check_end, open_array, read_into
from .streams import STREAM, standard_output

# The input chunk and the output chunk together fit into the cache of one core, so they stay there
# from the copy that reads the input to the copy that writes the output.
CHUNK_BYTES = 1 << 18


def apply_file(
    source: str,
    target: str,
    function: np.ufunc,
    *,
    force: bool = False,
    bfloat16: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Writes function(array in source) to target; both are .npy files of any size, or "-" for
    standard input and standard output.

    It reads, computes and writes one chunk at a time, through two small buffers. It uses plain
    reads instead of a memory map for two reasons: mapped pages count as resident memory, and a
    file that shrinks or a disk that fails meanwhile raises an error instead of a fatal signal.

    The output has the dtype that the ufunc returns, so its byte order is the native one; it has the
    C or Fortran order of the input. Only `force` replaces an existing target. With `bfloat16`, the
    input has the dtype as which np.save stores bfloat16, and so has the output.

    It calls `progress(done, total)`, in bytes of input, before each chunk and before the finished
    file gets its name. An exception from `progress` stops the job.
    """
    to_stream = target == STREAM
    path = target if to_stream else free_target(source, target, force)
    with open_array(source, bfloat16) as (file, shape, fortran_order, dtype):
        result = result_dtype(source, function, dtype)
        count = math.prod(shape)
        with nullcontext(standard_output()) if to_stream else new_file(path, force) as output:
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
            check_end(source, file)
            output.flush()
            if not to_stream:
                os.fsync(output.fileno())  # some file systems report a full disk no earlier
            progress(count * dtype.itemsize, count * dtype.itemsize)


def result_dtype(path: str, function: np.ufunc, dtype: Dtype) -> Dtype:
    """Returns the dtype of the ufunc's result for an array of `dtype`."""
    if dtype.str == "|V2" and dtype != dtypes.BFLOAT16:
        raise Refused(
            f"{path!r}: dtype |V2 is not supported: if the numbers are bfloat16, add --bfloat16"
        )
    try:
        if dtype.subdtype:  # each element is itself an array; np.save never writes this
            raise TypeError
        result: Array = function(np.empty(0, dtype))
        return result.dtype
    except TypeError as error:
        floats = ", ".join(np.dtype(loop[0]).name for loop in function.types)
        raise Refused(
            f"{path!r}: {function.__name__} does not support dtype {dtype}: allowed are"
            f" {floats}, integers and bool"
        ) from error
