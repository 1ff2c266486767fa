"""(activation(x @ w_gate.T) * (x @ w_up.T)) @ w_down.T."""

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

# The names of gate, up and down in the files of transformer models.
CONVENTIONS = [
    ("gate_proj", "up_proj", "down_proj"),  # LLaMA, Mistral, Gemma, Qwen
    ("w1", "w3", "w2"),  # Meta's names of LLaMA, and Mixtral's experts
    ("wi_0", "wi_1", "wo"),  # T5 v1.1
]


class GatedFeedForward(Block):
    """y = (activation(x @ w_gate.T) * (x @ w_up.T)) @ w_down.T, as in LLaMA, with its gradients.

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
        The name of a function of one input that also has a backward function, such as gelu. For a
        function of more inputs, a tuple of the name and the further inputs: ("leaky_relu", 0.01).

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
    }

    def __init__(
        self,
        w_gate: ArrayLike,
        w_up: ArrayLike,
        w_down: ArrayLike,
        activation: Activation = "silu",
    ) -> None:
        super().__init__(w_gate=w_gate, w_up=w_up, w_down=w_down)
        self._gate = Gate(activation)

    @classmethod
    def from_safetensors(
        cls,
        file: str | os.PathLike[str],
        prefix: str,
        activation: Activation = "silu",
        *,
        dtype: DTypeLike | None = None,
    ) -> Self:
        """Read the weights from a file and make the block. Needs the package `safetensors`.

        The names of the weights begin with a prefix such as `model.layers.0.mlp`. A dot follows it,
        then gate_proj, up_proj and down_proj (LLaMA and others in Hugging Face's files), w1, w3 and
        w2 (LLaMA in Meta's files) or wi_0, wi_1 and wo (T5 v1.1), and then `.weight`. The
        parameters and errors are as in `FeedForward.from_safetensors`. A ValueError is raised if
        the file has biases under the prefix, because this block has none.
        """
        layers = read(file, prefix, CONVENTIONS, dtype)
        if any(bias is not None for _, bias in layers):
            raise ValueError(f"{file} has biases under {prefix!r}, but this block has none")
        w_gate, w_up, w_down = (weight for weight, _ in layers)
        return cls(w_gate, w_up, w_down, activation)

    def _forward(self, x: Array, y: Array, keep: bool) -> None:
        parameters = self._parameters
        gate, up = (self._buffer(name, x, "hidden_features") for name in ("gate", "up"))
        active = self._buffer("active", x, "hidden_features") if keep else gate
        np.matmul(x, parameters["w_gate"].T, out=gate)
        np.matmul(x, parameters["w_up"].T, out=up)
        self._gate.forward(gate, up, active)
        affine(active, parameters["w_down"], None, y, self._memory)

    def _backward(self, x: Array, dy: Array, dx: Array, gradients: Gradients) -> None:
        parameters = self._parameters
        gate, up, active, dactive, dgate, dup = (
            self._buffer(name, x, "hidden_features")
            for name in ("gate", "up", "active", "dactive", "dgate", "dup")
        )
        parameter_gradients(dy, active, gradients["w_down"], None)
        np.matmul(dy, parameters["w_down"], out=dactive)
        self._gate.backward(dactive, gate, up, dgate, dup)
        parameter_gradients(dgate, x, gradients["w_gate"], None)
        parameter_gradients(dup, x, gradients["w_up"], None)
        through_up = self._buffer("through_up", x, "in_features")
        np.matmul(dup, parameters["w_up"], out=through_up)
        np.matmul(dgate, parameters["w_gate"], out=dx)
        np.add(dx, through_up, out=dx)
