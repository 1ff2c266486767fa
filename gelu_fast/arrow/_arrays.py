"""Applies a function of NumPy arrays to Arrow arrays of one length. A null among the operands makes
a null. What lies in memory under nulls is computed too, and has no effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ._lists import on_lists
from ._numbers import on_numbers
from ._types import check, dtype_of, is_null, is_number, nesting

Function = Callable[..., Any]

# What NumPy calls an exception, and the key of numpy.geterr.
EXCEPTIONS = {
    "divide by zero": "divide",
    "overflow": "over",
    "underflow": "under",
    "invalid value": "invalid",
}


def on_arrays(function: Function, operands: Sequence[Any]) -> tuple[Any, ...]:
    """The results for operands that are Arrow arrays, at least one, and numbers. A number is one of
    Python or NumPy, a scalar of Arrow that is null, or None, a null without a type."""
    arrays = [x for x in operands if isinstance(x, pa.Array)]
    n = len(arrays[0])
    if all(is_null(x.type) for x in arrays):
        return (pa.nulls(n),) * getattr(function, "nout", 1)
    if any(map(is_null_operand, operands)):
        return tuple(pa.nulls(n, kind) for kind in result_types(function, operands))
    check_types([x.type for x in arrays])
    compute = on_numbers if is_number(arrays[0].type) else on_values
    return without_nulls(compute, function, operands, [x for x in arrays if x.null_count])


def on_values(function: Function, operands: Sequence[Any]) -> tuple[Any, ...]:
    return on_lists(lambda values: on_arrays(function, values), operands)


# ---- Floating-point exceptions


def without_nulls(
    compute: Function, function: Function, operands: Sequence[Any], with_nulls: Sequence[Any]
) -> tuple[Any, ...]:
    """The results of `compute`. Only what is not null warns or raises."""
    if not with_nulls:
        return tuple(compute(function, operands))
    raised: list[str] = []
    with np.errstate(all="call", call=lambda kind, flags: raised.append(kind)):
        results = compute(function, operands)
    if raised and any(map(matters, raised)):
        valid = reduce(pc.and_, map(pc.is_valid, with_nulls))
        compute(function, [x.filter(valid) if isinstance(x, pa.Array) else x for x in operands])
    return tuple(results)


def matters(exception: str) -> bool:
    """Whether a program wants to know of this exception."""
    states: Any = np.geterr()
    return bool(states[EXCEPTIONS[exception]] != "ignore")


# ---- Types


def check_types(kinds: Sequence[Any]) -> None:
    """Several arrays must have elements of one shape."""
    for kind in kinds:
        check(kind)
    shapes = [nesting(kind) for kind in kinds[1:]]
    if shapes and (None in shapes[0] or any(shape != nesting(kinds[0]) for shape in shapes)):
        given = ", ".join(map(str, kinds))
        raise TypeError(
            "several arrays must all be numbers, or lists or tensors of one fixed shape; "
            f"got {given}"
        )


# ---- Nulls of no type, and scalars that are null


def is_null_operand(x: Any) -> bool:
    return x is None or isinstance(x, pa.Scalar) or (isinstance(x, pa.Array) and is_null(x.type))


def result_types(function: Function, operands: Sequence[Any]) -> list[Any]:
    """The types of the results, which depend neither on lengths nor on nulls."""
    return [result.type for result in on_arrays(function, [*map(sample, operands)])]


def sample(operand: Any) -> Any:
    """An operand of the same type, without elements and not null."""
    if isinstance(operand, pa.Scalar):
        return dtype_of(operand.type).type(1)
    if is_null_operand(operand):
        return 1.0
    return operand[:0] if isinstance(operand, pa.Array) else operand
