"""Which types of Arrow functions take, and the types of results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .._core.arrays import Dtype

TYPES: dict[Dtype, Any] = {
    np.dtype(code): pa.from_numpy_dtype(np.dtype(code))
    for code in [*np.typecodes["AllInteger"], *"?efd"]
}
DTYPES: dict[int, Dtype] = {kind.id: dtype for dtype, kind in TYPES.items()}
FLOATS = [kind for kind, dtype in DTYPES.items() if dtype.kind == "f"]
NULL = pa.null().id
FIXED = pa.list_(pa.null(), 1).id
LISTS = [pa.list_(pa.null()).id, pa.large_list(pa.null()).id, FIXED]

# How to make numbers of what functions do not take.
WAYS = [
    (pa.types.is_decimal, "cast it to pyarrow.float64()"),
    (pa.types.is_dictionary, "decode it with dictionary_decode()"),
    (pa.types.is_run_end_encoded, "decode it with pyarrow.compute.run_end_decode()"),
    (pa.types.is_struct, "pass its fields"),
]


def is_number(kind: Any) -> bool:
    return kind.id in DTYPES


def is_null(kind: Any) -> bool:
    """The type of nulls that could be of any type."""
    return bool(kind.id == NULL)


def dtype_of(kind: Any) -> Dtype:
    return DTYPES[kind.id]


def is_tensor(kind: Any) -> bool:
    return isinstance(kind, pa.FixedShapeTensorType)


def is_nested(kind: Any) -> bool:
    """Tensors, and lists whose values lie one after the other; those of a list view need not."""
    return kind.id in LISTS or is_tensor(kind)


def values_of(kind: Any) -> Any:
    """The type of the numbers in lists or tensors, or the type itself."""
    while is_nested(kind):
        kind = kind.value_type
    return kind


def nesting(kind: Any) -> list[Any]:
    """The shapes of tensors and the lengths of lists, from outside to inside. A length that varies
    is None."""
    found: list[Any] = []
    while is_nested(kind):
        if is_tensor(kind):
            found.append((kind.shape, kind.permutation))
        else:
            found.append(kind.list_size if kind.id == FIXED else None)
        kind = kind.value_type
    return found


def check(kind: Any) -> None:
    found = values_of(kind)
    if not is_number(found) and not is_null(found):
        ways = "".join(f": {way}" for is_of_kind, way in WAYS if is_of_kind(found))
        raise TypeError(f"data must be numbers, or lists or tensors of numbers; got {kind}{ways}")


def replaced(kind: Any, values: Any) -> Any:
    """The type of lists or tensors with values of another type."""
    if is_tensor(kind):
        return pa.fixed_shape_tensor(values, kind.shape, kind.dim_names, kind.permutation)
    field = kind.value_field.with_type(values)
    if kind.id == FIXED:
        return pa.list_(field, kind.list_size)
    return pa.large_list(field) if pa.types.is_large_list(kind) else pa.list_(field)
