"""`gelu_fast.arrow.apply` on arrays of any type, slice, offset, bitmap and nesting, also in chunks.
The valid elements must be those of the ufunc, the others null, and the memory of the operands must
not change."""

from itertools import pairwise

import numpy as np
import pyarrow as pa

from gelu_fast._core import _ufuncs
from gelu_fast.arrow import apply

from .choices import Choices, numbers

UFUNCS = list(_ufuncs.ufuncs().values())
DTYPES = ["f4", "f8", "f2", "f4", "f8", "i1", "u2", "i4", "i8", "?"]


def seeds():
    rng = np.random.default_rng(0)
    return [rng.bytes(40) for _ in range(200)]


def flat(choices, n, dtype):
    """(array of n elements, its values, which of them are valid)"""
    before, after = choices.pick(20), choices.pick(20)
    count = before + n + after
    values = numbers(choices, dtype, count)
    valid = np.ones(count, bool)
    if choices.pick(3):
        valid = choices.rng().random(count) < choices.of([0.5, 0.0, 0.9, 1.0])
    if dtype == "?":
        array = pa.array(values, mask=~valid)
    else:
        start = choices.pick(9)  # values need not begin at a multiple of their size in memory
        bits = np.packbits(np.concatenate([np.zeros(start, bool), valid]), bitorder="little")
        memory = np.concatenate([np.zeros(start, values.dtype), values]).tobytes()
        buffers = [pa.py_buffer(bits.tobytes()), pa.py_buffer(memory)]
        kind = pa.from_numpy_dtype(values.dtype)
        array = pa.Array.from_buffers(kind, count, buffers, -1, start)
    here = slice(before, before + n)
    return array.slice(before, n), values[here], valid[here]


def check(data):
    choices = Choices(data)
    ufunc, n = choices.of(UFUNCS), choices.of([1, 7, 8, 9, 64, 200, 0, 1000])
    dtypes = [choices.of(DTYPES)] * ufunc.nin
    if choices.pick(4) == 3:
        dtypes = [choices.of(DTYPES) for _ in dtypes]
    made = [flat(choices, n, dtype) for dtype in dtypes]
    operands = [array for array, _, _ in made]
    before = [bytes(buffer) for array in operands for buffer in array.buffers() if buffer]
    valid = np.logical_and.reduce([valid for _, _, valid in made])
    try:
        with np.errstate(all="ignore"):
            want = ufunc(*(values for _, values, _ in made))
    except TypeError:
        want = None
    form = choices.pick(4)
    if form == 1:
        operands = [chunked(choices, array) for array in operands]
    elif form == 2 and ufunc.nin == 1 and n % 2 == 0:
        operands = [pa.FixedSizeListArray.from_arrays(operands[0], 2)]
    elif form == 3 and ufunc.nin == 1:
        borders = sorted([0, *(choices.pick(n + 1) for _ in range(3)), n])
        operands = [pa.ListArray.from_arrays(pa.array(borders, pa.int32()), operands[0])]
    try:
        with np.errstate(all="ignore"):
            got = apply(ufunc, *operands)
    except TypeError:
        assert want is None
        return
    compare(ufunc, got, want, valid)
    after = [bytes(buffer) for array, _, _ in made for buffer in array.buffers() if buffer]
    assert before == after


def chunked(choices, array):
    borders = sorted([0, *(choices.pick(len(array) + 1) for _ in range(3)), len(array)])
    pieces = [array[a:b] for a, b in pairwise(borders)]
    return pa.chunked_array(pieces, array.type)


def compare(ufunc, got, want, valid):
    assert want is not None
    for g, w in zip(*((x if ufunc.nout > 1 else (x,)) for x in (got, want)), strict=True):
        g.validate(full=True)
        array = g.combine_chunks() if isinstance(g, pa.ChunkedArray) else g
        while pa.types.is_list(array.type) or pa.types.is_fixed_size_list(array.type):
            array = array.flatten()
        assert len(array) == len(valid)
        assert array.type == pa.from_numpy_dtype(w.dtype)
        assert np.array_equal(np.asarray(array.is_valid()), valid)
        found = np.asarray(array.drop_null())
        same = found.view(f"u{w.itemsize}") == w[valid].view(f"u{w.itemsize}")
        # Of two inputs that are NaN, either may be the result.
        assert (same | (np.isnan(found) & np.isnan(w[valid]) & (ufunc.nin > 1))).all()
