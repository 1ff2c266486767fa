"""The Python code that numba compiles for a call: it converts and allocates arrays, and calls the C
library by _llvm.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import overload

from ._llvm import broadcast_shape, call_on_arrays, call_on_numbers


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


def compile_new_array(operands: Any, number: Any) -> Callable[..., Any]:
    arrays = [kind for kind in operands if isinstance(kind, types.Array)]
    if all(kind.layout == "F" and kind.ndim > 1 for kind in arrays):
        return lambda operands, number: np.empty(broadcast_shape(operands)[::-1], number).T
    return lambda operands, number: np.empty(broadcast_shape(operands), number)


overload(converted, strict=False)(compile_converted)
overload(converted_one, strict=False)(compile_converted_one)
overload(new_array, strict=False)(compile_new_array)
