"""The activation of a block: the library's fused functions where there are some, and else two calls
of NumPy's kind, with the same results."""

import numpy as np

from gelu_fast import _ufuncs

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


def checked_activation(name):
    """The pair of functions of x, of (dy, x), that the activation of that name is."""
    if not isinstance(name, str):
        raise TypeError(f"activation must be a name; got {name!r}")
    function, backward = with_backward(name)
    if function is None or function.nin != 1:
        ours = _ufuncs.ufuncs()
        known = (x for x, f in ours.items() if f.nin == 1 and f"{x}_backward" in ours)
        raise ValueError(f"activation must be one of {', '.join(known)}; got {name!r}")
    return function, backward


class BiasedActivation:
    """activation(h + b)"""

    def __init__(self, name):
        self._function, self._backward = checked_activation(name)
        self._fused, self._fused_backward = with_backward(f"bias_{name}")

    def forward(self, h, b, out):
        """Into out, which may be h. Without a fused function h becomes h + b."""
        if b is None:
            self._function(h, out)
        elif self._fused is not None:
            self._fused(h, b, out)
        else:
            np.add(h, b, h)
            self._function(h, out)

    def backward(self, dy, h, b, out):
        """Into out, which may be dy, from the h that forward left."""
        if b is None or self._fused is None:
            self._backward(dy, h, out)
        else:
            self._fused_backward(dy, h, b, out)


class Gate:
    """up * activation(gate)"""

    def __init__(self, name):
        self._function, self._backward = checked_activation(name)
        self._fused, self._fused_backward = with_backward(GATES.get(name))

    def forward(self, gate, up, out):
        """Into out, which may be gate."""
        if self._fused is not None:
            self._fused(gate, up, out)
        else:
            self._function(gate, out)
            np.multiply(out, up, out)

    def backward(self, dy, gate, up, dgate, dup):
        """Into dgate and dup, which share no memory with the others."""
        if self._fused is not None:
            self._fused_backward(dy, gate, up, dgate, dup)
        else:
            np.multiply(dy, up, dgate)
            self._backward(dgate, gate, dgate)
            self._function(gate, dup)
            np.multiply(dup, dy, dup)
