"""Feed-forward blocks with forward and backward passes, on NumPy's BLAS and fused activations.

The weights of `Linear`, `FeedForward` and `GatedFeedForward` have the shape (out_features,
in_features), as in PyTorch's `nn.Linear`. The blocks can read them from safetensors files.

>>> import numpy as np
>>> from gelu_fast.nn import FeedForward
>>> w1, b1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]]), np.zeros(3)
>>> w2, b2 = np.array([[1.0, 1.0, 0.0]]), np.array([0.5])
>>> block = FeedForward(w1, b1, w2, b2, activation="gelu")
>>> y = block.forward(np.array([[0.0, 1.0], [2.0, -1.0]]))
>>> y
array([[1.34134475],
       [2.29584448]])
>>> dx, gradients = block.backward(np.ones_like(y))
>>> dx.shape, sorted(gradients)
((2, 2), ['b1', 'b2', 'w1', 'w2'])
"""

from ._feed_forward import FeedForward
from ._gated import GatedFeedForward
from ._linear import Linear

__all__ = ["FeedForward", "GatedFeedForward", "Linear"]
