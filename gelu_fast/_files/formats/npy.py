"""Files of one array, which np.save writes. "-" is standard input or standard output."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

import numpy as np

from ..errors import Refused
from ..job import Job, Progress, Steps, Write
from ..npy import check_end, open_array
from ..numbers import compute, result_dtype

ENDINGS = (".npy",)
KIND = "an .npy file"


@contextmanager
def opened(job: Job) -> Iterator[Write]:
    """The output has the dtype that the ufunc returns, so its byte order is the native one; it has
    the C or Fortran order of the input."""
    if job.names is not None:
        raise Refused(f"{job.source!r}: the array of an .npy file has no name to choose")
    with open_array(job.source, job.bfloat16) as (file, shape, fortran_order, dtype):
        result = result_dtype(job.source, job.function, dtype)
        count = math.prod(shape)

        def write(output: BinaryIO, progress: Progress) -> None:
            write_header(output, result, fortran_order, shape)
            steps = Steps(progress, count * dtype.itemsize)
            compute(job, file, output, count, (dtype, result), steps)
            check_end(job.source, file)

        yield write


def write_header(
    output: IO[bytes], dtype: np.dtype[np.generic], fortran_order: bool, shape: tuple[int, ...]
) -> None:
    np.lib.format.write_array_header_1_0(
        output,
        {
            "descr": np.lib.format.dtype_to_descr(dtype),
            "fortran_order": fortran_order,
            "shape": shape,
        },
    )
