"""x @ weight.T + bias."""

from __future__ import annotations

import os
from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .._core.arrays import Array
from ._block import Block, Gradients
from ._products import affine, parameter_gradients
from ._safetensors import read


class Linear(Block):
    """y = x @ weight.T + bias, with its gradients.

    NumPy computes the product with BLAS. Threads may share a block: each thread has its own
    buffers, and calls `backward` after its own `forward`.

    Parameters
    ----------
    weight : array of shape (out_features, in_features)
        The weights, of float32 or float64, as in PyTorch's `nn.Linear`. The block uses the arrays
        in place, without copying them.
    bias : array of shape (out_features,), optional
        The bias, of the same dtype.

    Raises
    ------
    TypeError
        If a dtype is not float32 or float64, or the dtypes differ.
    ValueError
        If the shapes do not fit together.

    Examples
    --------
    >>> import numpy as np
    >>> from gelu_fast.nn import Linear
    >>> layer = Linear(np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0.5, 0.0]))
    >>> layer.forward([3.0, 4.0])
    array([11.5, -4. ])
    >>> dx, gradients = layer.backward([1.0, 1.0])
    >>> dx
    array([1., 1.])
    >>> gradients["weight"]
    array([[3., 4.],
           [3., 4.]])
    """

    AXES: ClassVar[dict[str, tuple[str, ...]]] = {
        "weight": ("out_features", "in_features"),
        "bias": ("out_features",),
    }

    def __init__(self, weight: ArrayLike, bias: ArrayLike | None = None) -> None:
        super().__init__(weight=weight, bias=bias)

    @classmethod
    def from_safetensors(
        cls,
        file: str | os.PathLike[str],
        prefix: str,
        *,
        dtype: DTypeLike | None = None,
        transposed: bool | None = None,
    ) -> Self:
        """Read `prefix`.weight and, if the file has it, `prefix`.bias, and make the layer. Needs
        the package `safetensors`.

        The parameters and errors are as in `FeedForward.from_safetensors`. For the weights of
        GPT-2, pass transposed=True."""
        [(weight, bias)] = read("Linear", file, prefix, dtype, transposed)
        return cls(weight, bias)

    def _forward(self, x: Array, y: Array, keep: bool) -> None:
        affine(x, self._parameters["weight"], self._parameters.get("bias"), y, self._memory)

    def _backward(self, x: Array, dy: Array, dx: Array, gradients: Gradients) -> None:
        parameter_gradients(dy, x, gradients["weight"], gradients.get("bias"))
        np.matmul(dy, self._parameters["weight"], out=dx)
