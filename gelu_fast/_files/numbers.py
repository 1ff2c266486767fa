"""Computes numbers that lie one after the other in a file, through two small buffers."""

from __future__ import annotations

from typing import IO

import numpy as np

from .._core import dtypes
from .._core.arrays import Array, Dtype
from .errors import Refused
from .job import Job, Steps
from .npy import Reader, read_into

# The input chunk and the output chunk together fit into the cache of one core, so they stay there
# from the copy that reads the input to the copy that writes the output.
CHUNK_BYTES = 1 << 18


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


def is_float(job: Job, dtype: Dtype) -> bool:
    """Whether a job computes arrays of this dtype if it is not told which."""
    if dtype.str == "|V2":
        return job.bfloat16
    return dtype.kind == "f" and dtype.itemsize <= 8


def compute(
    job: Job, file: Reader, output: IO[bytes], count: int, kinds: tuple[Dtype, Dtype], steps: Steps
) -> None:
    """Reads `count` numbers of the first dtype of `kinds` and writes results of the second."""
    dtype, result = kinds
    step = CHUNK_BYTES * job.threads // max(dtype.itemsize, result.itemsize)
    x = np.empty(min(step, count), dtype)
    y = np.empty(min(step, count), result)
    for start in range(0, count, step):
        n = min(step, count - start)
        read_into(job.source, file, x[:n])
        job.function(x[:n], out=y[:n])
        output.write(y[:n].view(np.uint8).data)
        steps.add(n * dtype.itemsize)


def copy(job: Job, file: Reader, output: IO[bytes], size: int, steps: Steps) -> None:
    """Copies `size` bytes."""
    buffer = np.empty(min(CHUNK_BYTES, size), np.uint8)
    for start in range(0, size, CHUNK_BYTES):
        part = buffer[: size - start]
        read_into(job.source, file, part)
        output.write(part.data)
        steps.add(part.size)
