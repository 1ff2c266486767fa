"""(activation(x @ w_gate.T + b_gate) * (x @ w_up.T + b_up)) @ w_down.T + b_down."""

from __future__ import annotations

import os
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .._core.arrays import Array
from ._activations import Activation, Gate
from ._block import Block, Gradients
from ._products import affine, parameter_gradients
from ._safetensors import read


class GatedFeedForward(Block):
    """y = (activation(x @ w_gate.T + b_gate) * (x @ w_up.T + b_up)) @ w_down.T + b_down, as in
    LLaMA, with its gradients.

    NumPy computes the products with BLAS. The gate takes one pass if the library has it (`swiglu`,
    `geglu`, ...). The block keeps its buffers from call to call; they are as large as the largest
    call needed, and exist as long as the block and the thread. Threads may share a block: each
    thread has its own buffers, and calls `backward` after its own `forward`.

    Parameters
    ----------
    w_gate, w_up : arrays of shape (hidden_features, in_features)
        Weights of float32 or float64, as in PyTorch's `nn.Linear`. The block uses all arrays in
        place, without copying them.
    w_down : array of shape (out_features, hidden_features)
        Weights of the same dtype.
    activation : str, or tuple
        The name of a function of one input that also has a backward function, such as gelu, or
        another name of it: a name that Hugging Face uses, such as gelu_new, or that
        `gelu_fast.activation` knows without a framework. For a function of more inputs, a tuple of
        the name and the further inputs: ("leaky_relu", 0.01).
    b_gate, b_up : arrays of shape (hidden_features,), optional
    b_down : array of shape (out_features,), optional
        The biases, of the same dtype.

    Raises
    ------
    TypeError
        If a dtype is not float32 or float64, or the dtypes differ.
    ValueError
        If the shapes do not fit together, or the activation is unknown.

    References
    ----------
    Shazeer, GLU Variants Improve Transformer, arXiv:2002.05202

    Examples
    --------
    >>> import numpy as np
    >>> from gelu_fast.nn import GatedFeedForward
    >>> block = GatedFeedForward(np.eye(2), np.ones((2, 2)), np.eye(2), activation="gelu")
    >>> block.forward([[1.0, 2.0]])
    array([[2.52403424, 5.86349921]])
    """

    AXES: ClassVar[dict[str, tuple[str, ...]]] = {
        "w_gate": ("hidden_features", "in_features"),
        "w_up": ("hidden_features", "in_features"),
        "w_down": ("out_features", "hidden_features"),
        "b_gate": ("hidden_features",),
        "b_up": ("hidden_features",),
        "b_down": ("out_features",),
    }

    def __init__(
        self,
        w_gate: ArrayLike,
        w_up: ArrayLike,
        w_down: ArrayLike,
        activation: Activation = "silu",
        *,
        b_gate: ArrayLike | None = None,
        b_up: ArrayLike | None = None,
        b_down: ArrayLike | None = None,
    ) -> None:
        super().__init__(
            w_gate=w_gate, w_up=w_up, w_down=w_down, b_gate=b_gate, b_up=b_up, b_down=b_down
        )
        self._gate = Gate(activation)

    @classmethod
    def from_safetensors(
        cls,
        file: str | os.PathLike[str],
        prefix: str,
        activation: Activation = "silu",
        *,
        dtype: DTypeLike | None = None,
        transposed: bool | None = None,
    ) -> Self:
        """Read the weights from a file and make the block. Needs the package `safetensors`.

        The names of the weights begin with a prefix such as `model.layers.0.mlp`. A dot follows it,
        then the names of the layers, such as gate_proj, up_proj and down_proj (LLaMA), gate_up_proj
        and down_proj (Phi-3), Wi and Wo (ModernBERT) or others that docs/nn.md lists, and then
        `.weight`, or `.bias` for an optional bias. The parameters and errors are as in
        `FeedForward.from_safetensors`.
        """
        gate, up, down = read("GatedFeedForward", file, prefix, dtype, transposed)
        biases = {"b_gate": gate[1], "b_up": up[1], "b_down": down[1]}
        return cls(gate[0], up[0], down[0], activation, **biases)

    def _forward(self, x: Array, y: Array, keep: bool) -> None:
        parameters = self._parameters
        gate, up = (self._buffer(name, x, "hidden_features") for name in ("gate", "up"))
        active = self._buffer("active", x, "hidden_features") if keep else gate
        np.matmul(x, parameters["w_gate"].T, out=gate)
        np.matmul(x, parameters["w_up"].T, out=up)
        for product, bias in ((gate, "b_gate"), (up, "b_up")):
            if bias in parameters:
                np.add(product, parameters[bias], product)
        self._gate.forward(gate, up, active)
        affine(active, parameters["w_down"], parameters.get("b_down"), y, self._memory)

    def _backward(self, x: Array, dy: Array, dx: Array, gradients: Gradients) -> None:
        parameters = self._parameters
        gate, up, active, dactive, dgate, dup = (
            self._buffer(name, x, "hidden_features")
            for name in ("gate", "up", "active", "dactive", "dgate", "dup")
        )
        parameter_gradients(dy, active, gradients["w_down"], gradients.get("b_down"))
        np.matmul(dy, parameters["w_down"], out=dactive)
        self._gate.backward(dactive, gate, up, dgate, dup)
        parameter_gradients(dgate, x, gradients["w_gate"], gradients.get("b_gate"))
        parameter_gradients(dup, x, gradients["w_up"], gradients.get("b_up"))
        through_up = self._buffer("through_up", x, "in_features")
        np.matmul(dup, parameters["w_up"], out=through_up)
        np.matmul(dgate, parameters["w_gate"], out=dx)
        np.add(dx, through_up, out=dx)
