"""Reads weights and biases from a safetensors file."""

import os
from collections.abc import Collection, Sequence

from numpy.typing import DTypeLike

from .._core.arrays import Array
from ._checks import checked_array

MOST_NAMES = 20  # the most names that an error lists


def read(
    file: str | os.PathLike[str],
    prefix: str,
    conventions: Sequence[Sequence[str]],
    dtype: DTypeLike | None,
) -> list[tuple[Array, Array | None]]:
    """[(weight, bias or None)] of the layers of a convention, which is a tuple of their names.

    The first convention applies for which the file has all weights under the prefix."""
    try:
        from safetensors import safe_open
    except ImportError as error:
        raise ImportError(
            "from_safetensors needs the package safetensors: pip install 'gelu_fast[nn]'"
        ) from error

    def full_name(*parts: str) -> str:
        return ".".join(part for part in (prefix.rstrip("."), *parts) if part)

    with safe_open(os.fspath(file), framework="numpy") as tensors:
        names = set(tensors.keys())

        def tensor(name: str) -> Array:
            array = tensors.get_tensor(name)
            return checked_array(name, array if dtype is None else array.astype(dtype))

        for convention in conventions:
            layers = [
                (full_name(layer, "weight"), full_name(layer, "bias")) for layer in convention
            ]
            if all(weight in names for weight, _ in layers):
                return [
                    (tensor(weight), tensor(bias) if bias in names else None)
                    for weight, bias in layers
                ]
    wanted = " or ".join(
        ", ".join(full_name(layer, "weight") for layer in convention) for convention in conventions
    )
    raise KeyError(f"{file} does not have {wanted}; {listing(names, full_name())}")


def listing(names: Collection[str], prefix: str) -> str:
    """The names in the file under the prefix, or all names if there are none under it."""
    below = [name for name in names if name.startswith(prefix + ".")]
    where, found = ("it has", names) if not below else (f"under {prefix} it has", below)
    shown = ", ".join(sorted(found)[:MOST_NAMES])
    more = f", and {len(found) - MOST_NAMES} more" if len(found) > MOST_NAMES else ""
    return f"{where} {shown}{more}" if found else "it is empty"
