"""The functions of the table as functions of pyarrow.compute."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .._core import _ufuncs
from .._core.rows import Row
from .._core.table import COMPOUNDS, ROWS
from ._apply import operand
from ._columns import on_columns

LOCK = Lock()
ROWS_OF_ARROW = {  # which has no bfloat16
    f"{row.function}_{row.dtype}": row for row in ROWS + COMPOUNDS if row.dtype != "bfloat16"
}


def register() -> tuple[str, ...]:
    """Register every function of `gelu_fast` with pyarrow.compute, for every type of floats.

    A registered function has one type of operands, which is the end of its name: "gelu_float16"
    for half_float, "gelu_float32" for float, "gelu_float64" for double. Call it with
    `pyarrow.compute.call_function`; projections of datasets and Acero's declarations name it in
    expressions. Nulls are kept as `apply` keeps them. A function with two results returns a struct,
    whose fields have the names of the results.

    Returns
    -------
    tuple of str
        The names. Later calls of `register` do nothing more.

    Raises
    ------
    KeyError
        If something else has registered one of the names. Then nothing is registered.

    Examples
    --------
    >>> import pyarrow as pa, pyarrow.compute as pc
    >>> import gelu_fast.arrow
    >>> "hardswish_float32" in gelu_fast.arrow.register()
    True
    >>> x = pa.array([-1.5, None, 4.0], pa.float32())
    >>> pc.call_function("hardswish_float32", [x]).to_pylist()
    [-0.375, None, 4.0]
    """
    with LOCK:
        return register_once()


@cache
def register_once() -> tuple[str, ...]:
    taken = ROWS_OF_ARROW.keys() & set(pc.list_functions())
    if taken:
        raise KeyError(f"pyarrow.compute has other functions of these names: {sorted(taken)}")
    for name, row in ROWS_OF_ARROW.items():
        register_row(name, row)
    return tuple(ROWS_OF_ARROW)


def register_row(name: str, row: Row) -> None:
    kind = pa.from_numpy_dtype(np.dtype(row.dtype))
    fields = [pa.field(output, kind) for output in row.outputs]
    doc = {"summary": row.formula, "description": f"gelu_fast.{row.function} of {row.dtype}."}
    pc.register_scalar_function(
        function_of(row, fields),
        name,
        doc,
        dict.fromkeys(row.inputs, kind),
        kind if row.nout == 1 else pa.struct(fields),
    )


def function_of(row: Row, fields: list[Any]) -> Callable[..., Any]:
    """The function that pyarrow calls with its context and with arrays and scalars."""
    ufunc = _ufuncs.ufuncs()[row.function]

    def function(context: Any, *operands: Any) -> Any:
        results = on_columns(ufunc, [*map(operand, operands)])
        if row.nout == 1:
            return results[0]
        arrays = [pa.array([x]) if isinstance(x, pa.Scalar) else x for x in results]
        struct = pa.StructArray.from_arrays(arrays, fields=fields, mask=pc.is_null(arrays[0]))
        return struct[0] if isinstance(results[0], pa.Scalar) else struct

    # pyarrow would let a function of *operands have any number of them.
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind) for name in ("context", *row.inputs)]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return function
