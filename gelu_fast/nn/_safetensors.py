"""Reads the layers of a block from safetensors files."""

from __future__ import annotations

import json
import os
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from .._core.arrays import Array
from .._core.dtypes import BFLOAT16
from ._checks import checked_array
from ._layouts import Layer, arranged, chosen, joined

# Dtypes of the format that NumPy knows; BF16 needs ml_dtypes.
KNOWN = {"BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "F16", "F32", "F64", "BF16"}
HALVES = {"F16", "BF16"}
BYTES = {"U8", "I8"}  # and those of float8
SCALES = re.compile(r"scale|absmax|SCB$")  # in the names of the scales of quantized weights
MODEL = "model.safetensors"
INDEX = ".index.json"


def read(
    block: str,
    file: str | os.PathLike[str],
    prefix: str,
    dtype: DTypeLike | None,
    transposed: bool | None,
) -> list[Layer]:
    """[(weight, bias or None)] of the layers of a block, in the first of its layouts of which the
    file has all weights under the prefix."""
    if not isinstance(prefix, str):
        raise TypeError(f"prefix must be a string; got {type(prefix).__name__}")
    if not (transposed is None or isinstance(transposed, bool)):
        raise TypeError(f"transposed must be True, False or None; got {transposed!r}")
    prefix = prefix.rstrip(".")
    with Tensors(os.fsdecode(file)) as tensors:
        layout = chosen(block, tensors.path, tensors.files, prefix)
        stored = {}
        for layer in layout.stored():
            weight, bias = joined(prefix, layer, "weight"), joined(prefix, layer, "bias")
            stored[layer] = (
                tensors.array(weight, dtype),
                tensors.array(bias, dtype) if bias in tensors.files else None,
            )
    return arranged(layout, stored, tensors.path, prefix, transposed)


class Tensors:
    """The tensors of a safetensors file, of the shards that an index lists, or of the model in a
    folder."""

    def __init__(self, path: str) -> None:
        try:
            from safetensors import SafetensorError, safe_open
        except ImportError as error:
            raise ImportError(
                "from_safetensors needs the package safetensors: pip install 'gelu_fast[nn]'"
            ) from error
        self._open, self._error = safe_open, SafetensorError
        self._stack = ExitStack()
        self._opened: dict[str, Any] = {}
        self.path = model_in(path) if os.path.isdir(path) else path
        # {name of a tensor: its file}
        if self.path.endswith(".json"):
            self.files = indexed(self.path)
        else:
            self.files = dict.fromkeys(self._names(self.path), self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def _shard(self, path: str) -> Any:
        if path not in self._opened:
            if os.path.isdir(path):  # an index may list one
                raise ValueError(f"{path} is a folder, not a safetensors file")
            try:
                self._opened[path] = self._stack.enter_context(self._open(path, framework="numpy"))
            except self._error as error:
                raise ValueError(f"{path} is not a whole safetensors file: {error}") from error
        return self._opened[path]

    def _names(self, path: str) -> set[str]:
        return set(self._shard(path).keys())

    def array(self, name: str, dtype: DTypeLike | None) -> Array:
        """A tensor in the dtype. By default float16 and bfloat16 become float32, which is exact."""
        path = self.files[name]
        if path != self.path and name not in self._names(path):
            raise KeyError(f"{path} does not have {name}, which {self.path} says it has")
        shard = self._shard(path)
        stored = shard.get_slice(name).get_dtype()
        self._check_stored(name, stored)
        array = shard.get_tensor(name)
        if dtype is None and stored in HALVES:
            dtype = np.float32
        return checked_array(f"{name} in {path}", array if dtype is None else array.astype(dtype))

    def _check_stored(self, name: str, stored: str) -> None:
        where = f"{name} in {self.files[name]}"
        kind = f"{stored}, which is float8" if stored.startswith("F8") else stored
        if stored in BYTES or stored not in KNOWN:
            layer = name.removesuffix("weight")
            scales = [
                n for n in self.files if n.startswith(layer) and SCALES.search(n[len(layer) :])
            ]
            if scales:
                raise TypeError(
                    f"{where} must not be quantized; got {kind}, with the scales {min(scales)}"
                )
        if stored not in KNOWN:
            raise TypeError(f"{where} must have a dtype that NumPy knows, or bfloat16; got {kind}")
        if stored == "BF16" and BFLOAT16 is None:
            raise ImportError(
                f"{where} is bfloat16, which needs the package ml_dtypes: "
                "pip install 'gelu_fast[bfloat16]'"
            )


def model_in(folder: str) -> str:
    """The file of a model's folder that has all tensors or lists their files."""
    usual = [os.path.join(folder, name) for name in (MODEL, MODEL + INDEX)]
    for path in usual:
        if os.path.exists(path):
            return path
    for pattern in ("*.safetensors" + INDEX, "*.safetensors"):
        found = sorted(Path(folder).glob(pattern))
        if len(found) == 1:
            return str(found[0])
        if found:
            names = ", ".join(path.name for path in found)
            raise ValueError(f"{folder} must have one model; it has {names}: pass one of them")
    raise FileNotFoundError(f"{folder} does not have {MODEL} or {MODEL}{INDEX}")


def indexed(path: str) -> dict[str, str]:
    """{name of a tensor: its file} of an index."""
    try:
        shards = json.loads(Path(path).read_text(encoding="utf-8"))["weight_map"].items()
        named = {name: os.path.join(os.path.dirname(path), shard) for name, shard in shards}
        outside = [shard for _, shard in shards if os.path.basename(shard) != shard]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path} must be the index of a model, with a weight_map from names to files: {error!r}"
        ) from error
    if outside:
        raise ValueError(f"{path} must list files of its own folder; it lists {outside[0]}")
    return named
