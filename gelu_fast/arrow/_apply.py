"""`apply`: a function on Arrow data of any shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any

import numpy as np
import pyarrow as pa

from .._core import _ufuncs
from ._array import on_array
from ._columns import COLUMNS, on_columns
from ._records import on_records
from ._types import dtype_of, is_number

OURS = _ufuncs.ufuncs()
RECORDS = (pa.RecordBatch, pa.Table, pa.RecordBatchReader)


def apply(
    function: str | Callable[..., Any], *data: Any, columns: str | Iterable[str] | None = None
) -> Any:
    """Apply a function to Arrow data, element by element.

    Parameters
    ----------
    function : str or callable
        The name of a function of `gelu_fast`, such as "swiglu", or a callable that takes NumPy
        arrays and returns one: a ufunc, a function of `gelu_fast.functional`, a
        `functools.partial`.
    *data : Arrow data or number
        One operand for each input of the function. Numbers, of Python, NumPy or Arrow, go with all
        elements. The others are

        - arrays and chunked arrays of pyarrow, of equal lengths,
        - a record batch, a table or a record batch reader, if it is the only operand that is no
          number,
        - an object with `__arrow_c_array__` or `__arrow_c_stream__`, such as a series or a frame of
          polars or pandas, or a relation of DuckDB. A stream of records is taken as a reader.
    columns : str or iterable of str, optional
        Which columns of records to replace by the results, by default all columns of floats, also
        in lists and tensors. The other columns are kept.

    Returns
    -------
    pyarrow.Array, ChunkedArray, Scalar, RecordBatch, Table or RecordBatchReader
        Arrow data of the same kind. From several operands, a chunked array if one of them is. A
        reader computes a batch when the batch is read. A function with several results gives a
        tuple; for records it is not allowed.

        The elements have the bits and the types of the ufunc's results: half_float, float and
        double are kept, and integers and booleans are converted as by the ufunc. Lists, large
        lists, lists of a fixed size and fixed-shape tensors keep their shape, and their values are
        computed.

        An element is null where an operand is null. The bitmap that says so is the memory of the
        operand if only one has nulls; for a slice that does not begin at a multiple of eight, if
        the function is a ufunc and the data is one array of numbers.

    Raises
    ------
    TypeError
        If data has another type or contains other elements than numbers, or the function does not
        take so many operands.
    ValueError
        If the function or a column is unknown, or the lengths differ.

    Notes
    -----
    Numbers that are null cause no floating-point warnings. Others do what `numpy.errstate` says.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from gelu_fast.arrow import apply
    >>> gate, up = pa.array([-1.0, None, 2.0]), pa.array([1.0, 2.0, 3.0])
    >>> apply("reglu", gate, up).to_pylist()
    [0.0, None, 6.0]
    >>> table = pa.table({"id": [7, 8, 9], "x": gate})
    >>> apply("relu", table).to_pydict()
    {'id': [7, 8, 9], 'x': [0.0, None, 2.0]}
    """
    call = called(function, len(data))
    if len(data) == 1 and columns is None and isinstance(data[0], pa.Array):
        results = on_array(call, data[0])
        return results[0] if len(results) == 1 else results
    operands = [operand(x) for x in data]
    records = [x for x in operands if isinstance(x, RECORDS)]
    if records:
        others = [x for x in operands if x is not records[0]]
        if len(operands) - len(others) > 1 or any(isinstance(x, COLUMNS + RECORDS) for x in others):
            raise TypeError("data with columns must be the only operand that is no number")
        return on_records(
            lambda column: on_columns(call, [column if x is records[0] else x for x in operands]),
            records[0],
            columns,
        )
    if columns is not None:
        raise TypeError(f"columns must be None for data without columns; got {columns!r}")
    results = on_columns(call, operands)
    return results[0] if len(results) == 1 else results


def called(function: Any, count: int) -> Callable[..., Any]:
    """The function, after a check of the number of its operands."""
    if isinstance(function, str):
        if function not in OURS:
            raise ValueError(f"function must be one of {', '.join(OURS)}; got {function!r}")
        function = OURS[function]
    if not callable(function):
        raise TypeError(f"function must be a name or a callable; got {type(function).__name__}")
    if count == 0:
        raise TypeError("data must have at least one operand; got none")
    if isinstance(function, np.ufunc) and count != function.nin:
        raise TypeError(f"{function.__name__} takes {function.nin} operands; got {count}")
    return function  # type: ignore[no-any-return]


def operand(x: Any) -> Any:
    """Data of pyarrow, or a number as `on_arrays` takes it."""
    if isinstance(x, COLUMNS + RECORDS):
        return x
    if isinstance(x, pa.Scalar):
        if isinstance(x, pa.NullScalar):
            return None
        if not is_number(x.type):
            raise TypeError(f"data must be numbers; got a scalar of type {x.type}")
        return dtype_of(x.type).type(x.as_py()) if x.is_valid else x
    if isinstance(x, Real | np.bool_):
        return x
    if hasattr(x, "__arrow_c_array__"):
        found = pa.array(x)
        is_record = pa.types.is_struct(found.type)
        return pa.RecordBatch.from_struct_array(found) if is_record else found
    if hasattr(x, "__arrow_c_stream__"):
        try:
            return pa.RecordBatchReader.from_stream(x)
        except pa.ArrowInvalid:  # no records
            return pa.chunked_array(x)
    hint = "; pyarrow.array makes Arrow data of it" if isinstance(x, np.ndarray | list) else ""
    raise TypeError(f"data must be Arrow data or numbers; got {type(x).__name__}{hint}")
