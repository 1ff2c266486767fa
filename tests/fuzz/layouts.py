"""Calls of ufuncs on any layout: shapes, strides of any sign, offsets, byte orders, integers among
the inputs, broadcasting, `where=`, and outputs that overlap inputs. The results must have the bits
of the call on contiguous copies, with the same floating-point warnings, and no other byte may
change."""

import itertools
from functools import cache

import numpy as np

from gelu_fast._core import _ufuncs
from gelu_fast._core.dtypes import BFLOAT16

from .choices import Choices, numbers

UFUNCS = list(_ufuncs.ufuncs().values())
FLOATS = [np.dtype(c) for c in "fde"] + ([BFLOAT16] if BFLOAT16 else [])
INTEGERS = [np.dtype(c) for c in "?bBhHiIlL"]
LENGTHS = {0: 1, 1: 1500, 2: 40, 3: 12}  # by the number of axes


def seeds():
    rng = np.random.default_rng(0)
    return [rng.bytes(60) for _ in range(200)]


class Memory:
    """Bytes in which operands lie; they may overlap."""

    def __init__(self):
        self.wanted = []  # (shape, dtype, strides, offset of the first element)

    def add(self, choices, shape, dtype):
        """Chooses strides and a place; returns the index of the operand."""
        strides = []
        step = dtype.itemsize
        axes = list(range(len(shape)))
        if choices.pick(3) == 1:
            axes.reverse()  # Fortran order
        for axis in reversed(axes):
            strides.append((axis, stride(choices, step, dtype.itemsize)))
            step = max(abs(strides[-1][1]), dtype.itemsize) * max(shape[axis], 1)
        ordered = tuple(s for _, s in sorted(strides))
        if self.wanted and choices.pick(3) == 1:  # as an earlier operand, perhaps shifted
            other = choices.of(self.wanted)
            if len(other[2]) == len(shape):
                ordered = other[2]
            offset = other[3] + choices.of([0, 1, -1, 3]) * dtype.itemsize
        else:
            offset = choices.pick(200)
        self.wanted.append((shape, dtype, ordered, offset))
        return len(self.wanted) - 1

    def arrays(self, choices):
        """(the bytes, an array for each operand)"""
        extents = [extent(*wanted) for wanted in self.wanted]
        lowest = min((low for low, _ in extents), default=0)
        size = max((high for _, high in extents), default=0) - lowest
        memory = np.frombuffer(bytearray(choices.rng().bytes(size)), np.uint8)
        found = [view(memory, *wanted[:3], wanted[3] - lowest) for wanted in self.wanted]
        return memory, found


def stride(choices, step, size):
    kind = choices.pick(8)
    if kind < 3:
        return step
    if kind == 3:
        return -step
    if kind == 4:
        return 0
    return choices.between(-3, 3) * size if kind < 7 else choices.between(-20, 20)


def extent(shape, dtype, strides, offset):
    """The first byte of an array, and the byte after its last."""
    if 0 in shape:
        return offset, offset
    ends = [(n - 1) * step for n, step in zip(shape, strides, strict=True)]
    low = sum(end for end in ends if end < 0)
    return offset + low, offset + sum(end for end in ends if end > 0) + dtype.itemsize


def view(memory, shape, dtype, strides, offset):
    if 0 in shape:
        return np.zeros(shape, dtype)
    return np.ndarray(shape, dtype, memory, offset, strides)


def is_apart(array):
    """Whether no two elements have a byte in common."""
    offsets = np.zeros(1, np.int64)
    for n, step in zip(array.shape, array.strides, strict=True):
        offsets = (offsets[:, np.newaxis] + np.arange(n) * step).ravel()
    return bool((np.diff(np.sort(offsets)) >= array.itemsize).all())


def input_shape(choices, shape):
    """A shape that broadcasts to `shape`."""
    kept = shape[choices.pick(len(shape) + 1) :] if choices.pick(4) == 3 else shape
    return tuple(1 if choices.pick(6) == 5 else n for n in kept)


def swapped(choices, dtype):
    return dtype.newbyteorder() if choices.pick(5) == 4 else dtype


@cache
def result_types(ufunc, kinds):
    """The dtypes of the results, or None if the ufunc does not take such inputs."""
    try:
        with np.errstate(all="ignore"):
            results = ufunc(*(np.ones(1, dtype) for dtype in kinds))
    except TypeError:
        return None
    return tuple(r.dtype for r in (results if isinstance(results, tuple) else (results,)))


def native(array):
    return np.array(array, array.dtype.newbyteorder("="), order="C")


def is_nan(array):
    """1 where an element is NaN, else 0."""
    with np.errstate(invalid="ignore"):  # a signalling NaN
        return (array != array).astype(int)


def called(ufunc, args, **options):
    """The kinds of floating-point warnings of a call."""
    raised = set()
    with np.errstate(all="call", call=lambda kind, flags: raised.add(kind)):
        ufunc(*args, **options)
    return raised


def check(data):
    choices = Choices(data)
    _ufuncs.select_isa(choices.of([name for name, there in _ufuncs.isas() if there]))
    ufunc = choices.of(UFUNCS)
    axes = choices.pick(4)
    shape = tuple(choices.pick(LENGTHS[axes] + 1) for _ in range(axes))
    first = choices.of(FLOATS)
    kinds = [first if choices.pick(4) else choices.of(FLOATS + INTEGERS) for _ in range(ufunc.nin)]
    types = result_types(ufunc, tuple(kinds))
    if types is None:
        return
    # Each output in a memory of its own: what overlapping outputs hold is not defined.
    memories = [Memory() for _ in range(ufunc.nout)]
    places = []
    masked = choices.pick(4) == 3
    for kind in kinds:
        memory = choices.pick(len(memories))
        at = memories[memory].add(choices, input_shape(choices, shape), swapped(choices, kind))
        places.append((memory, at))
    for memory, kind in enumerate(types):
        # NumPy converts what a mask leaves alone in some layouts, forth and back.
        kind = np.dtype(np.float64) if choices.pick(8) == 7 and not masked else kind
        places.append((memory, memories[memory].add(choices, shape, swapped(choices, kind))))
    made = [memory.arrays(choices) for memory in memories]
    operands = [made[memory][1][at] for memory, at in places]
    inputs, outputs = operands[: ufunc.nin], operands[ufunc.nin :]
    if not all(map(is_apart, outputs)):
        return
    for x in inputs:
        x[...] = numbers(choices, native(x).dtype, x.size).reshape(x.shape)
    options = {}
    if masked:
        mask = choices.rng().random(shape) < 0.5
        options["where"] = mask[::-1] if shape and choices.pick(2) else mask
    compare(ufunc, inputs, outputs, [memory for memory, _ in made], options)


def compare(ufunc, inputs, outputs, memories, options):
    copies, wanted = [native(x) for x in inputs], tuple(map(native, outputs))
    raised = called(ufunc, copies, out=wanted, **options)
    before = [memory.copy() for memory in memories]
    where = describe(ufunc, inputs, outputs, options)
    assert called(ufunc, inputs, out=tuple(outputs), **options) == raised, where
    # Of two factors that are NaN, either may be the product. One may come of 0 * inf, inside a
    # function of three inputs.
    nans = sum(map(is_nan, copies)) + (ufunc.nin > 2)
    for want, got in zip(wanted, map(native, outputs), strict=True):
        either = (is_nan(want) & is_nan(got) & (nans >= 2)).astype(bool)
        want[either] = got[either]
    for out, want, memory, expected in zip(outputs, wanted, memories, before, strict=True):
        if out.size:
            start = out.ctypes.data - memory.ctypes.data
            view(expected, out.shape, out.dtype, out.strides, start)[...] = want
        assert memory.tobytes() == expected.tobytes(), where


def describe(ufunc, inputs, outputs, options):
    parts = [ufunc.__name__, _ufuncs.isa(), f"where: {'where' in options}"]
    for x in itertools.chain(inputs, outputs):
        parts.append(f"{x.dtype} {x.shape} {x.strides} at {x.ctypes.data % 64}")
    return "; ".join(parts)
