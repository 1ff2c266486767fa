"""The activation of a block: the library's fused functions where there are some, and else two calls
of NumPy's kind, with the same results."""

from numbers import Real

import numpy as np

from .._core import _ufuncs

# The gated units that have a name of their own: up * activation(gate).
GATES = {
    "gelu": "geglu",
    "gelu_tanh": "geglu_tanh",
    "gelu_quick": "geglu_quick",
    "relu": "reglu",
    "sigmoid": "glu",
    "silu": "swiglu",
}


def with_backward(name):
    """(function, its backward function), None for both if the library lacks one of them."""
    ours = _ufuncs.ufuncs()
    pair = ours.get(name), ours.get(f"{name}_backward")
    return (None, None) if None in pair else pair


def activations(nin):
    """The names of the functions of so many inputs that a block can use."""
    pairs = {name: with_backward(name) for name in _ufuncs.ufuncs()}
    return [x for x, (f, b) in pairs.items() if f and (f.nin, b.nin, b.nout) == (nin, nin + 1, 1)]


def checked_activation(activation):
    """(the name, function of x, function of (dy, x), the other inputs of both)"""
    name, *others = activation if activation and isinstance(activation, tuple) else (activation,)
    if not (isinstance(name, str) and all(isinstance(x, Real) for x in others)):
        raise TypeError(f"activation must be a name, or (name, numbers...); got {activation!r}")
    known = activations(1 + len(others))
    if name not in known:
        allowed = ", ".join(known) or "none"
        inputs = f" with {len(others)} other inputs" if others else ""
        raise ValueError(f"activation{inputs} must be one of {allowed}; got {name!r}")
    # Python's numbers, unlike NumPy's, leave the dtype as it is.
    return name, *with_backward(name), [float(x) for x in others]


class BiasedActivation:
    """activation(h + b)"""

    def __init__(self, activation):
        name, self._function, self._backward, self._others = checked_activation(activation)
        self._fused, self._fused_backward = with_backward(f"bias_{name}")

    def forward(self, h, b, out):
        """Into out, which may be h. Without a fused function h becomes h + b."""
        if b is None:
            self._function(h, *self._others, out)
        elif self._fused is not None:
            self._fused(h, b, out)
        else:
            np.add(h, b, h)
            self._function(h, *self._others, out)

    def backward(self, dy, h, b, out):
        """Into out, which may be dy, from the h that forward left."""
        if b is None or self._fused is None:
            self._backward(dy, h, *self._others, out)
        else:
            self._fused_backward(dy, h, b, out)


class Gate:
    """up * activation(gate)"""

    def __init__(self, activation):
        name, self._function, self._backward, self._others = checked_activation(activation)
        self._fused, self._fused_backward = with_backward(GATES.get(name))

    def forward(self, gate, up, out):
        """Into out, which may be gate."""
        if self._fused is not None:
            self._fused(gate, up, out)
        else:
            self._function(gate, *self._others, out)
            np.multiply(out, up, out)

    def backward(self, dy, gate, up, dgate, dup):
        """Into dgate and dup, which share no memory with the others."""
        if self._fused is not None:
            self._fused_backward(dy, gate, up, dgate, dup)
        else:
            np.multiply(dy, up, dgate)
            self._backward(dgate, gate, *self._others, dgate)
            self._function(gate, *self._others, dup)
            np.multiply(dup, dy, dup)
