"""Files of tensors in the format of safetensors.

The package checks the file and says what is in it. It maps a file into memory to read it, and it
writes only tensors that are all in memory. So that memory is bounded, the data is read and written
here: it is the bytes of the tensors after a head, which is the length of a text in JSON and the
text. Results of the size of their tensors leave the head as it is."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

import numpy as np

from ..._core import dtypes
from ..._core.arrays import Dtype
from ..errors import Refused, blaming
from ..job import Job, Progress, Steps, Write, check_no_bfloat16
from ..npy import open_regular
from ..numbers import compute, copy, result_dtype
from ..packages import needing, reading
from ..selection import selected

ENDINGS = (".safetensors",)
KIND = "a safetensors file"
METADATA = "__metadata__"
BFLOAT16 = "BF16"
FLOATS = ("F16", BFLOAT16, "F32", "F64")
DTYPES = {
    **{f"F{8 * size}": np.dtype(f"<f{size}") for size in (2, 4, 8)},
    **{
        f"{kind}{8 * size}": np.dtype(f"<{kind.lower()}{size}")
        for kind in "IU"
        for size in (1, 2, 4, 8)
    },
    "BOOL": np.dtype(np.bool_),
}


@contextmanager
def opened(job: Job) -> Iterator[Write]:
    """The tensors keep their names, shapes, order and metadata."""
    check_no_bfloat16(job)
    with needing(job.source, "safetensors"):
        from safetensors import safe_open
    with ExitStack() as stack:
        with blaming(job.source):
            file = stack.enter_context(open_regular(job.source))
        with reading(job.source, KIND):
            with safe_open(job.source, framework="numpy"):
                pass  # the head is right, and the file has the bytes that it says
            head = file.read(int.from_bytes(file.read(8), "little"))
            tensors = json.loads(head)
        tensors.pop(METADATA, None)
        floats = {name: one["dtype"] in FLOATS for name, one in tensors.items()}
        chosen = {
            name: kinds(job, name, tensors[name]["dtype"])
            for name in selected(job.source, "tensor", floats, job.names)
        }

        def write(output: BinaryIO, progress: Progress) -> None:
            new = new_head(head, chosen)
            output.write(len(new).to_bytes(8, "little") + new)
            places = sorted((one["data_offsets"], name) for name, one in tensors.items())
            steps = Steps(progress, max((end for (_, end), _ in places), default=0))
            for (start, end), name in places:
                if name in chosen:
                    count = math.prod(tensors[name]["shape"])
                    compute(job, file, output, count, chosen[name], steps)
                else:
                    copy(job, file, output, end - start, steps)

        yield write


def kinds(job: Job, name: str, stored: str) -> tuple[Dtype, Dtype]:
    """The dtypes of a tensor and of its results."""
    path = f"{job.source}/{name}"
    if stored == BFLOAT16:
        if dtypes.BFLOAT16 is None:
            raise Refused(f"{path!r}: bfloat16 is not available: {dtypes.WHY_NO_BFLOAT16}")
        dtype = dtypes.BFLOAT16
    elif stored in DTYPES:
        dtype = DTYPES[stored]
    else:
        raise Refused(f"{path!r}: {job.function.__name__} does not support dtype {stored}")
    return dtype, result_dtype(path, job.function, dtype)


def new_head(head: bytes, chosen: dict[str, tuple[Dtype, Dtype]]) -> bytes:
    """The head of the results. They are in the order of their tensors."""
    if all(dtype == result for dtype, result in chosen.values()):
        return head
    tensors: dict[str, Any] = json.loads(head)
    place = 0
    for name in sorted(tensors.keys() - {METADATA}, key=lambda name: tensors[name]["data_offsets"]):
        one = tensors[name]
        size = one["data_offsets"][1] - one["data_offsets"][0]
        if name in chosen:
            result = chosen[name][1]
            one["dtype"] = name_of(result)
            size = math.prod(one["shape"]) * result.itemsize
        one["data_offsets"] = [place, place + size]
        place += size
    text = json.dumps(tensors, separators=(",", ":"), ensure_ascii=False).encode()
    return text.ljust(-(-len(text) // 8) * 8)  # the data begins at a multiple of eight


def name_of(dtype: Dtype) -> str:
    return BFLOAT16 if dtype == dtypes.BFLOAT16 else f"F{8 * dtype.itemsize}"
