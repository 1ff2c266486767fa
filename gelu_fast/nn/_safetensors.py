"""Reads weights and biases from a safetensors file."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import Any

from numpy.typing import DTypeLike

from .._core.arrays import Array
from .._core.dtypes import BFLOAT16
from ._checks import checked_array

MOST_NAMES = 20  # the most names that an error lists
# Dtypes of the format that NumPy knows; BF16 needs ml_dtypes.
KNOWN = {"BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "F16", "F32", "F64", "BF16"}


def read(
    file: str | os.PathLike[str],
    prefix: str,
    conventions: Sequence[Sequence[str]],
    dtype: DTypeLike | None,
) -> list[tuple[Array, Array | None]]:
    """[(weight, bias or None)] of the layers of a convention, which is a tuple of their names.

    The first convention applies for which the file has all weights under the prefix."""
    if not isinstance(prefix, str):
        raise TypeError(f"prefix must be a string; got {type(prefix).__name__}")
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError as error:
        raise ImportError(
            "from_safetensors needs the package safetensors: pip install 'gelu_fast[nn]'"
        ) from error

    def full_name(*parts: str) -> str:
        return ".".join(part for part in (prefix.rstrip("."), *parts) if part)

    path = os.fspath(file)
    try:
        with safe_open(path, framework="numpy") as tensors:
            names = set(tensors.keys())
            for convention in conventions:
                layers = [
                    (full_name(layer, "weight"), full_name(layer, "bias")) for layer in convention
                ]
                if all(weight in names for weight, _ in layers):
                    return [
                        (
                            tensor(path, tensors, weight, dtype),
                            tensor(path, tensors, bias, dtype) if bias in names else None,
                        )
                        for weight, bias in layers
                    ]
    except SafetensorError as error:
        raise ValueError(f"{path} is not a whole safetensors file: {error}") from error
    wanted = " or ".join(
        ", ".join(full_name(layer, "weight") for layer in convention) for convention in conventions
    )
    raise KeyError(f"{path} does not have {wanted}; {listing(names, full_name())}")


def tensor(path: str, tensors: Any, name: str, dtype: DTypeLike | None) -> Array:
    """A tensor of the file, in the dtype."""
    stored = tensors.get_slice(name).get_dtype()
    if stored == "BF16" and BFLOAT16 is None:
        raise ImportError(
            f"{name} in {path} is bfloat16, which needs the package ml_dtypes: "
            "pip install 'gelu_fast[bfloat16]'"
        )
    if stored not in KNOWN:
        raise TypeError(
            f"{name} in {path} must have a dtype that NumPy knows, or bfloat16; got {stored}"
            + (", which is float8" if stored.startswith("F8") else "")
        )
    array = tensors.get_tensor(name)
    return checked_array(f"{name} in {path}", array if dtype is None else array.astype(dtype))


def listing(names: Collection[str], prefix: str) -> str:
    """The names in the file under the prefix, or all names if there are none under it."""
    below = [name for name in names if name.startswith(prefix + ".")]
    where, found = ("it has", names) if not below else (f"under {prefix} it has", below)
    shown = ", ".join(sorted(found)[:MOST_NAMES])
    more = f", and {len(found) - MOST_NAMES} more" if len(found) > MOST_NAMES else ""
    return f"{where} {shown}{more}" if found else "it is empty"
