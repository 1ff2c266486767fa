"""Finds the same functions in other installed libraries, for float32 arrays."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from ..._core import _ufuncs
from ..._core.arrays import Array

Function: TypeAlias = Callable[[Array], Array]

NUMBERS = np.zeros(1, np.float32)  # a call with these shows whether a function works

# Modules of PyTorch, and their functions that have the same name in gelu_fast.
TORCH = {
    "torch": ["sigmoid", "tanh"],
    "torch.nn.functional": [
        *("elu", "gelu", "hardsigmoid", "hardswish", "mish", "relu", "selu", "silu", "softplus"),
    ],
    "torch.special": ["erf", "erfc", "log_ndtr", "ndtr"],
}


def contestants(function: str) -> tuple[dict[str, Function], dict[str, str]]:
    """Returns ({library: f(x)} for gelu_fast and the libraries that have the function,
    {library: reason} for the others)."""
    found: dict[str, Function] = {"gelu_fast": _ufuncs.ufuncs()[function]}
    absent = {}
    for name, library in LIBRARIES.items():
        try:
            has = library()
            if function in has:
                has[function](NUMBERS)
                found[name] = has[function]
            else:
                absent[name] = f"no {function}"
        except Exception as error:  # it is not installed, or was built for another NumPy
            absent[name] = str(error).splitlines()[0]
    return found, absent


def pytorch() -> dict[str, Function]:
    import torch

    def on_arrays(f: Callable[..., Any], **options: Any) -> Function:
        return lambda x: f(torch.from_numpy(x), **options).numpy()

    has: dict[str, Function] = {}
    for module, names in TORCH.items():
        has |= {name: on_arrays(getattr(importlib.import_module(module), name)) for name in names}
    return has | {"gelu_tanh": on_arrays(torch.nn.functional.gelu, approximate="tanh")}


def scipy() -> dict[str, Function]:
    from scipy import special

    return {
        "erf": special.erf,
        "erfc": special.erfc,
        "gelu": lambda x: x * special.ndtr(x),
        "log_ndtr": special.log_ndtr,
        "ndtr": special.ndtr,
        "sigmoid": special.expit,
        "silu": lambda x: x * special.expit(x),
    }


def numpy() -> dict[str, Function]:
    """Returns the expressions that NumPy users commonly write."""

    def sigmoid(x: Array) -> Array:
        result: Array = 1 / (1 + np.exp(-x))
        return result

    return {
        "gelu_quick": lambda x: x * sigmoid(np.float32(1.702) * x),
        "gelu_tanh": lambda x: (
            np.float32(0.5)
            * x
            * (1 + np.tanh(np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x * x * x)))
        ),
        "mish": lambda x: x * np.tanh(np.logaddexp(np.float32(0), x)),
        "sigmoid": sigmoid,
        "silu": lambda x: x * sigmoid(x),
        "softplus": lambda x: np.logaddexp(np.float32(0), x),
        "tanh": np.tanh,
    }


LIBRARIES: dict[str, Callable[[], dict[str, Function]]] = {
    "PyTorch": pytorch,
    "SciPy": scipy,
    "NumPy expression": numpy,
}
