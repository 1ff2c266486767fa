"""Arrays and views of every memory layout with the same values."""

import numpy as np


def with_stride(values, step):
    """A view of stride `step` elements (any sign)."""
    base = np.zeros(len(values) * abs(step) + 1, values.dtype)
    view = base[1::step] if step > 0 else base[:0:step]
    view = view[: len(values)]
    view[...] = values
    return view


def misaligned(values, offset):
    """A view that starts `offset` bytes after an aligned address."""
    base = np.zeros(values.nbytes + 128, np.uint8)
    start = -base.ctypes.data % 64 + offset
    view = base[start : start + values.nbytes].view(values.dtype)
    view[...] = values
    return view


def byte_swapped(values):
    return values.astype(values.dtype.newbyteorder())


def record_field(values):
    """A field of packed records: misaligned, and the stride is not a multiple of the item size."""
    records = np.zeros(len(values), np.dtype([("before", "u1"), ("x", values.dtype)]))
    records["x"] = values
    return records["x"]


def matrix(values):
    columns = len(values) // 7
    return values[: 7 * columns].reshape(7, columns)


def inner_block(values):
    """The middle of a larger matrix: each row is contiguous, the whole is not."""
    m = matrix(values)
    base = np.zeros((m.shape[0] + 2, m.shape[1] + 3), m.dtype)
    base[1:-1, 2:-1] = m
    return base[1:-1, 2:-1]


def cube(values):
    side = len(values) // 12
    return values[: 12 * side].reshape(3, side, 4)


# These layouts can be written to.
WRITABLE = {
    "contiguous": lambda v: v.copy(),
    "stride 2": lambda v: with_stride(v, 2),
    "stride 3": lambda v: with_stride(v, 3),
    "stride 17": lambda v: with_stride(v, 17),
    "reversed": lambda v: with_stride(v, -1),
    "reversed stride 2": lambda v: with_stride(v, -2),
    "misaligned by 1": lambda v: misaligned(v, 1),
    "misaligned, strided": lambda v: misaligned(v, 1)[::3],
    "aligned to the element only": lambda v: misaligned(v, v.itemsize),
    "byte-swapped": byte_swapped,
    "byte-swapped, strided": lambda v: byte_swapped(v)[::2],
    "record field": record_field,
    "one element": lambda v: v[:1].copy(),
    "zero-dimensional": lambda v: np.array(v[0]),
    "empty": lambda v: v[:0].copy(),
    "zero-size matrix": lambda v: v[:0].reshape(0, 5).copy(),
    "Fortran order": lambda v: np.asfortranarray(matrix(v)),
    "transposed": lambda v: matrix(v).copy().T,
    "transposed slice": lambda v: matrix(v).copy()[::2, ::3].T,
    "inner block": inner_block,
    "permuted axes": lambda v: cube(v).copy().transpose(1, 2, 0),
    "negative inner and outer strides": lambda v: matrix(v).copy()[::-1, ::-1],
}

READABLE = {
    **WRITABLE,
    "zero stride": lambda v: np.broadcast_to(v[5], 200),
    "zero outer stride": lambda v: np.broadcast_to(v, (3, len(v))),
    "zero inner stride": lambda v: np.broadcast_to(v[:50, np.newaxis], (50, 9)),
    "overlapping windows": lambda v: np.lib.stride_tricks.sliding_window_view(v, 5),
    "read-only": lambda v: np.frombuffer(v.tobytes(), v.dtype),
}
