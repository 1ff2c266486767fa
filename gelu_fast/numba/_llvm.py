"""Calls of the C library as LLVM code. It names the functions of the library and holds no address,
so a compiled function can be cached on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np import arrayobj

# gf_dtype of gelu_c.h, and the suffix of the C functions.
DTYPES = {"float32": (2, "f32"), "float64": (3, "f64")}

POINTER = ir.IntType(8).as_pointer()
SIZE = ir.IntType(types.intp.bitwidth)
VOID = ir.VoidType()


@cache
def call_on_numbers(name: str, dtype: str, nout: int) -> Any:
    """A function for compiled code: it calls the C function of `name` and `dtype` on a tuple of
    numbers."""
    number = getattr(types, dtype)
    result = number if nout == 1 else types.UniTuple(number, nout)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        [kinds], [operands] = signature.args, arguments
        inputs = [
            converted(context, builder, value, kind, number)
            for value, kind in zip(cgutils.unpack_tuple(builder, operands), kinds, strict=True)
        ]
        symbol, kind = f"gf_{name}_{DTYPES[dtype][1]}_1", context.get_value_type(number)
        if nout == 1:
            return call(builder, kind, symbol, *inputs)
        outs = [cgutils.alloca_once(builder, kind) for _ in range(nout)]
        call(builder, VOID, symbol, *inputs, *outs)
        return context.make_tuple(builder, result, [builder.load(out) for out in outs])

    return intrinsic(lambda context, operands: (result(operands), generate))


@cache
def call_on_arrays(name: str, dtype: str) -> Any:
    """A function for compiled code: it calls gf_call with the row of `name` and `dtype` on a tuple
    of numbers and arrays, and writes to a tuple of arrays."""
    number = getattr(types, dtype)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row = row_of(context, builder, name, dtype)
        ndim = signature.args[1][0].ndim
        operands: list[Array | Number] = []
        for kinds, values in zip(signature.args, arguments, strict=True):
            for kind, value in zip(kinds, cgutils.unpack_tuple(builder, values), strict=True):
                if isinstance(kind, types.Array):
                    operands.append(Array(context, builder, value, kind, ndim))
                else:
                    operands.append(Number(context, builder, value, kind, number))
        arrays = [operand for operand in operands if isinstance(operand, Array)]
        out = arrays[-1]

        def call_on_rows() -> None:
            """Calls the C function for each row of the results."""
            *outer, n = out.shape or [SIZE(1)]
            with cgutils.loop_nest(builder, outer, SIZE) as index:
                pointers = [operand.at(index) for operand in operands]
                steps = [operand.strides[-1] if ndim else SIZE(0) for operand in operands]
                call_row(builder, row, pointers, steps, n)

        def call_at_once() -> None:
            size = SIZE(context.get_abi_sizeof(context.get_data_type(number)))
            pointers = [operand.data for operand in operands]
            steps = [size if isinstance(operand, Array) else SIZE(0) for operand in operands]
            call_row(builder, row, pointers, steps, out.count)

        [layout, *others] = {array.layout for array in arrays}
        if ndim < 2 or others or layout == "A":
            call_on_rows()
        else:
            with builder.if_else(have_one_shape(builder, arrays)) as (then, otherwise):
                with then:
                    call_at_once()
                with otherwise:
                    call_on_rows()
        return context.get_dummy_value()

    return intrinsic(lambda context, operands, outs: (types.none(operands, outs), generate))


def generate_shape(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    [kinds], [operands] = signature.args, arguments
    ndim, one = signature.return_type.count, SIZE(1)
    shape = [one] * ndim
    for kind, value in zip(kinds, cgutils.unpack_tuple(builder, operands), strict=True):
        if isinstance(kind, types.Array):
            array = Array(context, builder, value, kind, ndim)
            for i, length in enumerate(array.shape):
                unequal = builder.icmp_signed("!=", length, shape[i])
                was_one = builder.icmp_signed("==", shape[i], one)
                is_one = builder.icmp_signed("==", length, one)
                bad = builder.and_(unequal, builder.not_(builder.or_(was_one, is_one)))
                with cgutils.if_unlikely(builder, bad):
                    message = "operands could not be broadcast together: their shapes do not fit"
                    context.call_conv.return_user_exc(builder, ValueError, (message,))
                shape[i] = builder.select(was_one, length, shape[i])
    return context.make_tuple(builder, signature.return_type, shape)


def type_shape(context: Any, operands: Any) -> Any:
    ndim = max(kind.ndim for kind in operands if isinstance(kind, types.Array))
    return types.UniTuple(types.intp, ndim)(operands), generate_shape


broadcast_shape = intrinsic(type_shape)  # the shape of the results, for compiled code


class Array:
    """An operand, broadcast to the number of dimensions of the results."""

    def __init__(self, context: Any, builder: Any, value: Any, kind: Any, ndim: int) -> None:
        array = arrayobj.make_array(kind)(context, builder, value)
        self.builder, self.layout = builder, kind.layout
        self.data, self.count = builder.bitcast(array.data, POINTER), array.nitems
        missing = [SIZE(1)] * (ndim - kind.ndim)
        self.shape = [*missing, *cgutils.unpack_tuple(builder, array.shape, kind.ndim)]
        strides = [*missing, *cgutils.unpack_tuple(builder, array.strides, kind.ndim)]
        self.strides = [
            builder.select(builder.icmp_signed("==", length, SIZE(1)), SIZE(0), stride)
            for length, stride in zip(self.shape, strides, strict=True)
        ]

    def at(self, index: Iterable[Any]) -> Any:
        """The address of the row of this index."""
        address = self.data
        for i, stride in zip(index, self.strides, strict=False):
            address = cgutils.pointer_add(self.builder, address, self.builder.mul(i, stride))
        return address


class Number:
    """An operand that is a number, on the stack."""

    def __init__(self, context: Any, builder: Any, value: Any, kind: Any, number: Any) -> None:
        value = converted(context, builder, value, kind, number)
        self.data = builder.bitcast(cgutils.alloca_once_value(builder, value), POINTER)
        self.strides = [SIZE(0)]

    def at(self, index: Iterable[Any]) -> Any:
        return self.data


def converted(context: Any, builder: Any, value: Any, kind: Any, number: Any) -> Any:
    """A number, converted as NumPy converts Python's numbers."""
    double = context.cast(builder, value, kind, types.float64)
    return context.cast(builder, double, types.float64, number)


def have_one_shape(builder: Any, arrays: Sequence[Array]) -> Any:
    """Whether no array is broadcast: then all have as many elements as the result."""
    *inputs, out = arrays
    same = cgutils.true_bit
    for array in inputs:
        same = builder.and_(same, builder.icmp_signed("==", array.count, out.count))
    return same


# ---- C functions


def call(builder: Any, result: Any, name: str, *arguments: Any) -> Any:
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(function, arguments)


def call_row(builder: Any, row: Any, pointers: Any, steps: Any, n: Any) -> None:
    slots = []
    for values in pointers, steps:
        array = cgutils.pack_array(builder, values)
        slot = cgutils.alloca_once(builder, array.type)
        builder.store(array, slot)
        slots.append(builder.bitcast(slot, POINTER))
    call(builder, VOID, "gf_call", row, *slots, n)


def row_of(context: Any, builder: Any, name: str, dtype: str) -> Any:
    """The address of a row. The first call looks it up and keeps it in a variable."""
    kept = cgutils.add_global_variable(builder.module, POINTER, f"gelu_fast.{name}.{dtype}")
    kept.linkage, kept.initializer = "internal", POINTER(None)
    slot = cgutils.alloca_once_value(builder, builder.load(kept))
    with cgutils.if_unlikely(builder, cgutils.is_null(builder, builder.load(slot))):
        text = context.insert_const_string(builder.module, name)
        row = call(builder, POINTER, "gf_row_of", text, ir.IntType(32)(DTYPES[dtype][0]))
        builder.store(row, kept)
        builder.store(row, slot)
    return builder.load(slot)
