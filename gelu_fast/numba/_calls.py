"""The Python code that numba compiles for a call, and the calls of the C library in it as LLVM
code. Symbols are looked up by name, so a compiled function can be cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload
from numba.np import arrayobj

# gf_dtype of gelu_c.h, and the suffix of the C functions.
DTYPES = {"float32": (2, "f32"), "float64": (3, "f64")}

BYTE = ir.IntType(8)
POINTER = BYTE.as_pointer()
SIZE = ir.IntType(types.intp.bitwidth)


def on_numbers(name: str, dtype: str, nout: int) -> Callable[..., Any]:
    call = call_on_numbers(name, dtype, nout)
    return lambda *operands: call(operands)


def on_arrays(name: str, dtype: str, operands: tuple[Any, ...], nout: int) -> Callable[..., Any]:
    call, number = call_on_arrays(name, dtype), getattr(np, dtype)

    def one(*operands: Any) -> Any:
        inputs = converted(operands, number)
        out = new_array(inputs, number)
        call(inputs, (out,))
        return out

    def two(*operands: Any) -> Any:
        inputs = converted(operands, number)
        first = new_array(inputs, number)
        second = new_array(inputs, number)
        call(inputs, (first, second))
        return first, second

    return one if nout == 1 else two


# ---- What the Python code calls


def converted(operands: Any, number: Any) -> Any:
    """The operands, with arrays of the dtype `number`."""


def converted_one(operand: Any, number: Any) -> Any:
    pass


def shapes(operands: Any) -> Any:
    """The shapes of the arrays among the operands."""


def new_array(operands: Any, number: Any) -> Any:
    """An array for a result; it is in Fortran order if all arrays among the operands are."""


def compile_converted(operands: Any, number: Any) -> Callable[..., Any]:
    if len(operands) == 0:
        return lambda operands, number: ()
    return lambda operands, number: (
        converted_one(operands[0], number),
        *converted(operands[1:], number),
    )


def compile_converted_one(operand: Any, number: Any) -> Callable[..., Any]:
    if isinstance(operand, types.Array) and operand.dtype != number.dtype:
        return lambda operand, number: operand.astype(number)
    return lambda operand, number: operand


def compile_shapes(operands: Any) -> Callable[..., Any]:
    if len(operands) == 0:
        return lambda operands: ()
    if isinstance(operands[0], types.Array):
        return lambda operands: (operands[0].shape, *shapes(operands[1:]))
    return lambda operands: shapes(operands[1:])


def compile_new_array(operands: Any, number: Any) -> Callable[..., Any]:
    arrays = [kind for kind in operands if isinstance(kind, types.Array)]
    if all(kind.layout == "F" and kind.ndim > 1 for kind in arrays):
        return lambda operands, number: np.empty(
            np.broadcast_shapes(*shapes(operands))[::-1], number
        ).T
    return lambda operands, number: np.empty(np.broadcast_shapes(*shapes(operands)), number)


overload(converted, strict=False)(compile_converted)
overload(converted_one, strict=False)(compile_converted_one)
overload(shapes, strict=False)(compile_shapes)
overload(new_array, strict=False)(compile_new_array)


# ---- LLVM code


@cache
def call_on_numbers(name: str, dtype: str, nout: int) -> Any:
    """A function for compiled code: it calls the C function of `name` and `dtype` on a tuple of
    numbers."""
    number = getattr(types, dtype)
    result = number if nout == 1 else types.UniTuple(number, nout)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        [operands], [kinds] = arguments, signature.args
        values = cgutils.unpack_tuple(builder, operands)
        inputs = [
            in_memory(context, builder, value, kind, number)
            for value, kind in zip(values, kinds, strict=True)
        ]
        outs = [cgutils.alloca_once(builder, context.get_value_type(number)) for _ in range(nout)]
        pointers = [builder.bitcast(slot, POINTER) for slot in [*inputs, *outs]]
        kind_of_function = ir.FunctionType(ir.VoidType(), [POINTER] * len(pointers) + [SIZE])
        symbol = f"gf_{name}_{DTYPES[dtype][1]}"
        function = cgutils.get_or_insert_function(builder.module, kind_of_function, symbol)
        builder.call(function, [*pointers, SIZE(1)])
        results = [builder.load(out) for out in outs]
        return results[0] if nout == 1 else context.make_tuple(builder, result, results)

    return intrinsic(lambda context, operands: (result(operands), generate))


@cache
def call_on_arrays(name: str, dtype: str) -> Any:
    """A function for compiled code: it calls gf_call with the row of `name` and `dtype` on a tuple
    of numbers and arrays, and writes to a tuple of arrays."""
    number = getattr(types, dtype)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = [kind for operands in signature.args for kind in operands]
        values = [x for operands in arguments for x in cgutils.unpack_tuple(builder, operands)]
        [out, *_] = signature.args[1]
        row = row_of(context, builder, name, dtype)
        operands = [
            Array(context, builder, value, kind, out.ndim)
            if isinstance(kind, types.Array)
            else Number(context, builder, value, kind, number)
            for value, kind in zip(values, kinds, strict=True)
        ]
        last = operands[-1]

        def call(pointers: list[Any], steps: list[Any], n: Any) -> None:
            call_row(builder, row, pointers, steps, n)

        def call_on_rows() -> None:
            """Calls the function on each row of the results."""
            *outer, n = last.shape or [SIZE(1)]
            with cgutils.loop_nest(builder, outer, SIZE) as at:
                pointers = [operand.at(at) for operand in operands]
                steps = [operand.strides[-1] if out.ndim else SIZE(0) for operand in operands]
                call(pointers, steps, n)

        layouts = {kind.layout for kind in kinds if isinstance(kind, types.Array)}
        if out.ndim < 2 or len(layouts) > 1 or "A" in layouts:
            call_on_rows()
        else:
            size = SIZE(context.get_abi_sizeof(context.get_data_type(number)))
            steps = [size if isinstance(operand, Array) else SIZE(0) for operand in operands]
            with builder.if_else(same_shapes(builder, operands, last)) as (then, otherwise):
                with then:
                    call([operand.data for operand in operands], steps, last.count)
                with otherwise:
                    call_on_rows()
        return context.get_dummy_value()

    return intrinsic(lambda context, operands, outs: (types.none(operands, outs), generate))


class Array:
    """An operand, broadcast to the number of dimensions of the results."""

    def __init__(self, context: Any, builder: Any, value: Any, kind: Any, ndim: int) -> None:
        array = arrayobj.make_array(kind)(context, builder, value)
        self.builder, self.data, self.count = builder, builder.bitcast(array.data, POINTER), array.nitems
        missing = [SIZE(1)] * (ndim - kind.ndim)
        self.shape = [*missing, *cgutils.unpack_tuple(builder, array.shape, kind.ndim)]
        strides = [*missing, *cgutils.unpack_tuple(builder, array.strides, kind.ndim)]
        self.strides = [
            builder.select(builder.icmp_signed("==", length, SIZE(1)), SIZE(0), stride)
            for length, stride in zip(self.shape, strides, strict=True)
        ]

    def at(self, index: Any) -> Any:
        """The address of the row of this index."""
        address = self.data
        for i, stride in zip(index, self.strides, strict=False):
            address = cgutils.pointer_add(self.builder, address, self.builder.mul(i, stride))
        return address


class Number:
    """An operand that is a number, on the stack."""

    def __init__(self, context: Any, builder: Any, value: Any, kind: Any, number: Any) -> None:
        slot = in_memory(context, builder, value, kind, number)
        self.data = builder.bitcast(slot, POINTER)
        self.strides = [SIZE(0)]

    def at(self, index: Any) -> Any:
        return self.data


def in_memory(context: Any, builder: Any, value: Any, kind: Any, number: Any) -> Any:
    """The address of a number on the stack, converted as NumPy converts Python's numbers."""
    exact = context.cast(builder, value, kind, types.float64)
    return cgutils.alloca_once_value(
        builder, context.cast(builder, exact, types.float64, number)
    )


def same_shapes(builder: Any, operands: list[Any], out: Array) -> Any:
    """Whether no array is broadcast: all have as many elements as the result."""
    same = cgutils.true_bit
    for operand in operands:
        if isinstance(operand, Array):
            same = builder.and_(same, builder.icmp_signed("==", operand.count, out.count))
    return same


def call_row(builder: Any, row: Any, pointers: list[Any], steps: list[Any], n: Any) -> None:
    """Calls gf_call."""
    arguments = [cgutils.pack_array(builder, values) for values in (pointers, steps)]
    slots = [cgutils.alloca_once(builder, argument.type) for argument in arguments]
    for argument, slot in zip(arguments, slots, strict=True):
        builder.store(argument, slot)
    kind = ir.FunctionType(ir.VoidType(), [POINTER, POINTER, POINTER, SIZE])
    function = cgutils.get_or_insert_function(builder.module, kind, "gf_call")
    builder.call(function, [row, *(builder.bitcast(slot, POINTER) for slot in slots), n])


def row_of(context: Any, builder: Any, name: str, dtype: str) -> Any:
    """The address of the row. The first call finds it; then it is in a variable."""
    found = cgutils.add_global_variable(builder.module, POINTER, f"gelu_fast.{name}.{dtype}")
    found.linkage, found.initializer = "internal", POINTER(None)
    slot = cgutils.alloca_once_value(builder, builder.load(found))
    with cgutils.if_unlikely(builder, cgutils.is_null(builder, builder.load(slot))):
        kind = ir.FunctionType(POINTER, [POINTER, ir.IntType(32)])
        function = cgutils.get_or_insert_function(builder.module, kind, "gf_row_of")
        text = context.insert_const_string(builder.module, name)
        row = builder.call(function, [text, ir.IntType(32)(DTYPES[dtype][0])])
        builder.store(row, found)
        builder.store(row, slot)
    return builder.load(slot)
