"""activation(x @ w1.T + b1) @ w2.T + b2."""

from __future__ import annotations

import os
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .._core.arrays import Array
from ._activations import Activation, BiasedActivation
from ._block import Block, Gradients
from ._products import affine, parameter_gradients
from ._safetensors import read


class FeedForward(Block):
    """y = activation(x @ w1.T + b1) @ w2.T + b2, as in BERT, with its gradients.

    NumPy computes the products with BLAS. Bias and activation take one pass if the library has them
    fused (`bias_gelu`, ...). The block keeps its buffers from call to call; they are as large as
    the largest call needed, and exist as long as the block and the thread. Threads may share a
    block: each thread has its own buffers, and calls `backward` after its own `forward`.

    Parameters
    ----------
    w1 : array of shape (hidden_features, in_features)
        The weights of the first layer, of float32 or float64, as in PyTorch's `nn.Linear`. The
        block uses all arrays in place, without copying them.
    b1 : array of shape (hidden_features,), or None
    w2 : array of shape (out_features, hidden_features)
    b2 : array of shape (out_features,), or None
        The other parameters, all of the dtype of w1.
    activation : str, or tuple
        The name of a function of one input that also has a backward function, such as gelu, or
        another name of it: a name that Hugging Face uses, such as gelu_new, or that
        `gelu_fast.activation` knows without a framework. For a function of more inputs, a tuple of
        the name and the further inputs: ("leaky_relu", 0.01).

    Raises
    ------
    TypeError
        If a dtype is not float32 or float64, or the dtypes differ.
    ValueError
        If the shapes do not fit together, or the activation is unknown.

    References
    ----------
    Vaswani et al., Attention Is All You Need, arXiv:1706.03762, section 3.3

    Examples
    --------
    One step of gradient descent:

    >>> import numpy as np
    >>> from gelu_fast.nn import FeedForward
    >>> rng = np.random.default_rng(1)
    >>> w1, w2 = rng.standard_normal((8, 3)), rng.standard_normal((1, 8))
    >>> block = FeedForward(w1, np.zeros(8), w2, np.zeros(1))
    >>> x, target = rng.standard_normal((5, 3)), np.ones((5, 1))
    >>> before = block.forward(x)
    >>> dx, gradients = block.backward(before - target)
    >>> for name, parameter in block.parameters.items():
    ...     parameter -= 0.01 * gradients[name]
    >>> after = block.forward(x)
    >>> bool(np.square(after - target).sum() < np.square(before - target).sum())
    True
    """

    AXES: ClassVar[dict[str, tuple[str, ...]]] = {
        "w1": ("hidden_features", "in_features"),
        "b1": ("hidden_features",),
        "w2": ("out_features", "hidden_features"),
        "b2": ("out_features",),
    }

    def __init__(
        self,
        w1: ArrayLike,
        b1: ArrayLike | None,
        w2: ArrayLike,
        b2: ArrayLike | None,
        activation: Activation = "gelu",
    ) -> None:
        super().__init__(w1=w1, b1=b1, w2=w2, b2=b2)
        self._activation = BiasedActivation(activation)

    @classmethod
    def from_safetensors(
        cls,
        file: str | os.PathLike[str],
        prefix: str,
        activation: Activation = "gelu",
        *,
        dtype: DTypeLike | None = None,
        transposed: bool | None = None,
    ) -> Self:
        """Read the weights from a file and make the block. Needs the package `safetensors`.

        Parameters
        ----------
        file : str or os.PathLike
            The path of a safetensors file, of an index (`model.safetensors.index.json`), or of the
            folder of a model.
        prefix : str
            The beginning of the weights' names, such as `encoder.layer.0`. A dot and the name of a
            layer follow it, as in Hugging Face's BERT (intermediate.dense, output.dense), CLIP
            (fc1, fc2), GPT-2 (c_fc, c_proj) and other models that docs/nn.md lists, and then
            `.weight`, or `.bias` for an optional bias.
        activation : str, or tuple
            The activation, as for the constructor.
        dtype : dtype, optional
            The dtype to which the weights are converted, float32 or float64. By default float32 and
            float64 stay as they are, and float16 and bfloat16 become float32, which is exact.
        transposed : bool, optional
            Whether the file has the weights as (in_features, out_features). By default this is
            False; for c_fc and c_proj, the shapes of weights and biases tell it. If there are no
            biases, the hidden layer is taken to be the wider one.

        Raises
        ------
        ImportError
            If the package `safetensors` is missing, or `ml_dtypes` for bfloat16.
        KeyError
            If the file lacks a weight; the message lists the names in the file.
        TypeError, ValueError
            For the same reasons as in the constructor. TypeError also if the weights are quantized,
            in float8 for example; ValueError also if the shapes of c_fc and c_proj do not tell
            whether they are transposed, or the file is damaged.
        """
        (w1, b1), (w2, b2) = read("FeedForward", file, prefix, dtype, transposed)
        return cls(w1, b1, w2, b2, activation)

    def _forward(self, x: Array, y: Array, keep: bool) -> None:
        parameters = self._parameters
        hidden = self._buffer("hidden", x, "hidden_features")
        active = self._buffer("active", x, "hidden_features") if keep else hidden
        np.matmul(x, parameters["w1"].T, out=hidden)
        self._activation.forward(hidden, parameters.get("b1"), active)
        affine(active, parameters["w2"], parameters.get("b2"), y, self._memory)

    def _backward(self, x: Array, dy: Array, dx: Array, gradients: Gradients) -> None:
        parameters = self._parameters
        hidden, active, dhidden = (
            self._buffer(name, x, "hidden_features") for name in ("hidden", "active", "dhidden")
        )
        parameter_gradients(dy, active, gradients["w2"], gradients.get("b2"))
        np.matmul(dy, parameters["w2"], out=dhidden)
        self._activation.backward(dhidden, hidden, parameters.get("b1"), dhidden)
        parameter_gradients(dhidden, x, gradients["w1"], gradients.get("b1"))
        np.matmul(dhidden, parameters["w1"], out=dx)
