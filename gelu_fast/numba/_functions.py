"""Makes a plain function of each ufunc, and tells numba how to compile calls of both.

numba turns a call of a ufunc that it knows into a loop over elements. Therefore it must not know
the ufuncs as such: for numba they are other names of the plain functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding
import numpy as np
from numba.core import types
from numba.core.errors import NumbaNotImplementedError, TypingError
from numba.core.typing.templates import builtin_registry, infer_global
from numba.extending import overload
from numba.np.numpy_support import as_dtype

from .._core import _ufuncs
from .._core.library import get_library
from .._core.rows import Row
from .._core.table import TABLE
from ._calls import on_arrays, on_numbers
from ._llvm import DTYPES

DOCSTRING = """\
{call}, for code that numba compiles; elsewhere it calls `gelu_fast.{name}`.

Parameters
----------
{inputs} : array or number
    The operands, which are broadcast against each other.

Returns
-------
{returns} : array or number
    The bits that the ufunc returns.

See Also
--------
gelu_fast.{name} : formula, error bounds, limits and source
"""


def plain_function(row: Row) -> Callable[..., Any]:
    ufunc = _ufuncs.ufuncs()[row.function]

    def function(*operands: Any) -> Any:
        return ufunc(*operands)

    kind = inspect.Parameter.POSITIONAL_ONLY
    parameters = [inspect.Parameter(name, kind) for name in row.inputs]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__name__ = function.__qualname__ = row.function
    function.__module__ = "gelu_fast.numba"
    inputs = ", ".join(row.inputs)
    function.__doc__ = DOCSTRING.format(
        name=row.function,
        call=f"{row.function}({inputs})",
        inputs=inputs,
        returns=", ".join(row.outputs),
    )
    return function


FUNCTIONS = {name: plain_function(row) for name, row in TABLE.items()}


@cache
def init() -> None:
    """Teaches numba the functions. numba calls this before it compiles anything, because of the
    entry point numba_extensions; `gelu_fast.numba` calls it too, for programs that import it
    later."""
    llvmlite.binding.load_library_permanently(get_library())
    for name, function in FUNCTIONS.items():
        overload(function, strict=False)(compiler_of(name))
        [kind] = [kind for value, kind in builtin_registry.globals if value is function]
        infer_global(_ufuncs.ufuncs()[name], kind)


def compiler_of(name: str) -> Callable[..., Any]:
    """The function that numba calls with the types of the operands, to get the Python code that it
    compiles."""
    ufunc = _ufuncs.ufuncs()[name]

    def compiler(*operands: Any) -> Callable[..., Any]:
        dtype = dtype_of_call(ufunc, operands)
        if any(isinstance(kind, types.Array) for kind in operands):
            return on_arrays(name, dtype, operands, ufunc.nout)
        return on_numbers(name, dtype, ufunc.nout)

    return compiler


# ---- Types


def dtype_of_call(ufunc: np.ufunc, operands: tuple[Any, ...]) -> str:
    """The dtype in which the ufunc would compute."""
    name = f"gelu_fast.numba.{ufunc.__name__}"
    if len(operands) != ufunc.nin:
        raise TypingError(f"{name} takes {ufunc.nin} operands, but {len(operands)} were given")
    beside_arrays = any(isinstance(kind, types.Array) for kind in operands)
    kinds = [kind_of(name, kind, beside_arrays) for kind in operands]
    try:
        found = ufunc.resolve_dtypes((*kinds, *[None] * ufunc.nout))[-1]
    except TypeError as error:
        given = ", ".join(map(str, operands))
        raise TypingError(f"{name} does not take ({given}): {error}") from error
    if found.name not in DTYPES:
        given = ", ".join(map(str, operands))
        raise TypingError(
            f"{name} computes ({given}) in {found}, which numba does not have: convert an operand "
            "to float32"
        )
    return found.name


def kind_of(name: str, kind: Any, beside_arrays: bool) -> Any:
    """What NumPy's promotion knows about an operand: its dtype, or `int` or `float` for a number
    that the program may have written."""
    kind = types.unliteral(kind)
    if beside_arrays and kind in (types.int64, types.float64):
        return int if kind == types.int64 else float
    try:
        return as_dtype(kind.dtype if isinstance(kind, types.Array) else kind)
    except (NumbaNotImplementedError, AttributeError):
        raise TypingError(f"{name} takes arrays and numbers, but {kind} was given") from None
