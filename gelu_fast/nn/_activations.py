"""The activation of a block: the library's fused functions where there are some, and else two calls
of NumPy's kind, with the same results."""

from __future__ import annotations

from numbers import Real
from typing import TypeAlias

import numpy as np

from .._core import _ufuncs
from .._core.arrays import Array

Activation: TypeAlias = str | tuple[str | float, ...]  # a name, or a name and the other inputs

# The gated units that have a name of their own: up * activation(gate).
GATES = {
    "gelu": "geglu",
    "gelu_tanh": "geglu_tanh",
    "gelu_quick": "geglu_quick",
    "relu": "reglu",
    "sigmoid": "glu",
    "silu": "swiglu",
}


def with_backward(name: str) -> tuple[np.ufunc | None, np.ufunc | None]:
    """(function, its backward function), None for both if the library lacks one of them."""
    ours = _ufuncs.ufuncs()
    pair = ours.get(name), ours.get(f"{name}_backward")
    return (None, None) if None in pair else pair


def activations(nin: int) -> dict[str, tuple[np.ufunc, np.ufunc]]:
    """{name: (function, its backward function)} for the functions of so many inputs that a block
    can use."""
    pairs = {name: with_backward(name) for name in _ufuncs.ufuncs()}
    return {
        name: (function, backward)
        for name, (function, backward) in pairs.items()
        if function and backward
        if (function.nin, backward.nin, backward.nout) == (nin, nin + 1, 1)
    }


def checked_activation(activation: Activation) -> tuple[str, np.ufunc, np.ufunc, list[float]]:
    """(the name, function of x, function of (dy, x), the other inputs of both)"""
    name, *others = activation if activation and isinstance(activation, tuple) else (activation,)
    numbers = [float(x) for x in others if isinstance(x, Real)]
    if not (isinstance(name, str) and len(numbers) == len(others)):
        raise TypeError(f"activation must be a name, or (name, numbers...); got {activation!r}")
    known = activations(1 + len(others))
    if name not in known:
        allowed = ", ".join(known) or "none"
        inputs = f" with {len(others)} other inputs" if others else ""
        raise ValueError(f"activation{inputs} must be one of {allowed}; got {name!r}")
    # Python's numbers, unlike NumPy's, leave the dtype as it is.
    return name, *known[name], numbers


class BiasedActivation:
    """activation(h + b)"""

    def __init__(self, activation: Activation) -> None:
        name, self._function, self._backward, self._others = checked_activation(activation)
        self._fused, self._fused_backward = with_backward(f"bias_{name}")

    def forward(self, h: Array, b: Array | None, out: Array) -> None:
        """Into out, which may be h. Without a fused function h becomes h + b."""
        if b is None:
            self._function(h, *self._others, out)
        elif self._fused is not None:
            self._fused(h, b, out)
        else:
            np.add(h, b, h)
            self._function(h, *self._others, out)

    def backward(self, dy: Array, h: Array, b: Array | None, out: Array) -> None:
        """Into out, which may be dy, from the h that forward left."""
        if b is None or self._fused_backward is None:
            self._backward(dy, h, *self._others, out)
        else:
            self._fused_backward(dy, h, b, out)


class Gate:
    """up * activation(gate)"""

    def __init__(self, activation: Activation) -> None:
        name, self._function, self._backward, self._others = checked_activation(activation)
        self._fused, self._fused_backward = with_backward(GATES.get(name, ""))

    def forward(self, gate: Array, up: Array, out: Array) -> None:
        """Into out, which may be gate."""
        if self._fused is not None:
            self._fused(gate, up, out)
        else:
            self._function(gate, *self._others, out)
            np.multiply(out, up, out)

    def backward(self, dy: Array, gate: Array, up: Array, dgate: Array, dup: Array) -> None:
        """Into dgate and dup, which share no memory with the others."""
        if self._fused_backward is not None:
            self._fused_backward(dy, gate, up, dgate, dup)
        else:
            np.multiply(dy, up, dgate)
            self._backward(dgate, gate, *self._others, dgate)
            self._function(gate, *self._others, dup)
            np.multiply(dup, dy, dup)
