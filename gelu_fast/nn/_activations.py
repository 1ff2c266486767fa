"""The activation of a block. It calls this library's fused function if there is one, otherwise two
ufuncs with the same results."""

from __future__ import annotations

from numbers import Real
from typing import TypeAlias

import numpy as np

from .._core import _ufuncs
from .._core.arrays import Array
from .._frameworks.activation import meaning
from .._frameworks.names import NAMES

Activation: TypeAlias = str | tuple[str | float, ...]  # a name, or a name and further inputs

# Activations whose gated unit, activation(gate) * up, is a function of the library.
GATES = {
    "gelu": "geglu",
    "gelu_tanh": "geglu_tanh",
    "gelu_quick": "geglu_quick",
    "relu": "reglu",
    "sigmoid": "glu",
    "silu": "swiglu",
}


def with_backward(name: str) -> tuple[np.ufunc | None, np.ufunc | None]:
    """(function, its backward function), or (None, None) if the library lacks one of them."""
    ours = _ufuncs.ufuncs()
    pair = ours.get(name), ours.get(f"{name}_backward")
    return (None, None) if None in pair else pair


def activations(nin: int) -> dict[str, tuple[np.ufunc, np.ufunc]]:
    """{name: (function, its backward function)} of the functions of `nin` inputs that a block can
    use."""
    pairs = {name: with_backward(name) for name in _ufuncs.ufuncs()}
    return {
        name: (function, backward)
        for name, (function, backward) in pairs.items()
        if function and backward
        if (function.nin, backward.nin, backward.nout) == (nin, nin + 1, 1)
    }


def checked_activation(activation: Activation) -> tuple[str, np.ufunc, np.ufunc, list[float]]:
    """(name, function of x, function of (dy, x), the further inputs of both)"""
    name, *others = activation if activation and isinstance(activation, tuple) else (activation,)
    numbers = [float(x) for x in others if isinstance(x, Real)]
    if not (isinstance(name, str) and len(numbers) == len(others)):
        raise TypeError(f"activation must be a name or (name, numbers...); got {activation!r}")
    known, said = activations(1 + len(others)), ""
    if name not in known and not others:
        try:
            name, numbers = translated(name)
            known = activations(1 + len(numbers))
        except KeyError as error:
            said = f" ({error.args[0]})"
    if name not in known:
        allowed = ", ".join(activations(1 + len(others))) or "none"
        inputs = f" with {len(others)} further inputs" if others else ""
        raise ValueError(f"activation{inputs} must be one of {allowed}; got {activation!r}{said}")
    # Python's numbers, unlike NumPy's, do not change the dtype of a result.
    return name, *known[name], numbers


def translated(name: str) -> tuple[str, list[float]]:
    """(this library's name, the further inputs) for a name of the configuration of a model, which
    is usually one of Hugging Face's."""
    function, parameters = NAMES["huggingface"].get(name) or meaning(name)
    return function.rpartition(".")[2], list(parameters.values())


class BiasedActivation:
    """activation(h + b)"""

    def __init__(self, activation: Activation) -> None:
        name, self._function, self._backward, self._others = checked_activation(activation)
        self._fused, self._fused_backward = with_backward(f"bias_{name}")

    def forward(self, h: Array, b: Array | None, out: Array) -> None:
        """Writes to out, which may be h. If there is no fused function, h becomes h + b."""
        if b is None:
            self._function(h, *self._others, out)
        elif self._fused is not None:
            self._fused(h, b, out)
        else:
            np.add(h, b, h)
            self._function(h, *self._others, out)

    def backward(self, dy: Array, h: Array, b: Array | None, out: Array) -> None:
        """Writes to out, which may be dy; h must be as forward left it."""
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
        """Writes to out, which may be gate."""
        if self._fused is not None:
            self._fused(gate, up, out)
        else:
            self._function(gate, *self._others, out)
            np.multiply(out, up, out)

    def backward(self, dy: Array, gate: Array, up: Array, dgate: Array, dup: Array) -> None:
        """Writes to dgate and dup, which must not share memory with the other arrays."""
        if self._fused_backward is not None:
            self._fused_backward(dy, gate, up, dgate, dup)
        else:
            np.multiply(dy, up, dgate)
            self._backward(dgate, gate, *self._others, dgate)
            self._function(gate, *self._others, dup)
            np.multiply(dup, dy, dup)
