"""The compared hidden units. All have the same number of parameters."""

from dataclasses import dataclass
from functools import cache

import numpy as np

import gelu_fast
from gelu_fast.nn import FeedForward, GatedFeedForward


@dataclass(frozen=True)
class Unit:
    """An activation and its other inputs, or the gated unit `gate` that uses this activation."""

    label: str
    activation: str
    gate: str | None = None
    parameters: tuple = ()

    def shapes(self, features):
        """{parameter: shape} of a block from `features` to `features`.

        A block has 2 * features hidden units, or 4/3 * features + 1 gated ones, as these need one
        matrix more and have no biases. For multiples of 3 both are 4 * features**2 + 3 * features
        parameters, exactly.
        """
        if features % 3:
            raise ValueError(f"features must be a multiple of 3; got {features}")
        if self.gate:
            hidden = 4 * features // 3 + 1
            return {
                "w_gate": (hidden, features),
                "w_up": (hidden, features),
                "w_down": (features, hidden),
            }
        hidden = 2 * features
        return {
            "w1": (hidden, features),
            "b1": (hidden,),
            "w2": (features, hidden),
            "b2": (features,),
        }

    def block(self, parameters):
        """The block of gelu_fast.nn that works on these arrays."""
        make = GatedFeedForward if self.gate else FeedForward
        return make(**parameters, activation=(self.activation, *self.parameters))

    def mean_square(self):
        """E[f(Z)^2] of a standard normal Z: 1/2 for ReLU.

        The same for a gated unit, f(Z) times another Z.
        """
        nodes, weights = normal_nodes()
        squares = np.square(getattr(gelu_fast, self.activation)(nodes, *self.parameters))
        return float(weights @ squares / weights.sum())

    def steepness(self, block, x):
        """The largest |derivative| of the output of each hidden unit with respect to its inputs,
        for each row of x."""
        p = block.parameters
        backward = getattr(gelu_fast, f"{self.gate or self.activation}_backward")
        if self.gate:
            gate, up = x @ p["w_gate"].T, x @ p["w_up"].T
            return np.maximum(*np.abs(backward(np.ones_like(gate), gate, up)))
        hidden = x @ p["w1"].T + p["b1"]
        return np.abs(backward(np.ones_like(hidden), hidden, *self.parameters))


@cache
def normal_nodes():
    """Gauss's nodes and weights for the standard normal density."""
    return np.polynomial.hermite_e.hermegauss(200)


UNITS = [
    Unit("ReLU", "relu"),
    Unit("leaky ReLU", "leaky_relu", parameters=(0.01,)),
    Unit("sigmoid", "sigmoid"),
    Unit("tanh", "tanh"),
    Unit("SiLU", "silu"),
    Unit("GELU", "gelu"),
    Unit("GELU, tanh form", "gelu_tanh"),
    Unit("GEGLU", "gelu", "geglu"),
    Unit("SwiGLU", "silu", "swiglu"),
]
