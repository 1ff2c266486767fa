"""A deep perceptron made of blocks of gelu_fast.nn, with all parameters in one vector."""

import math

import numpy as np

from gelu_fast.nn import Linear

EPSILON = 1e-6  # prevents 0 / 0 for a row of zeros


class Network:
    """A linear layer, `depth` blocks, and a linear layer.

    In a plain network each block takes the output of the block before it. In a residual network,
    as in transformers, each block takes its normalised input, and its result is added to the input.

    `parameters` and `gradients` are vectors; `blocks_at` has the slice of each block's parameters.

    The weights are drawn from normal distributions that keep the mean square of the values at 1 for
    normal inputs. The variance is 1 / n_in, divided by E[f(Z)^2] of the activation in the last
    matrix of a block; for ReLU this is the rule of He and others (2015). Biases start at 0.
    """

    def __init__(self, unit, residual, inputs, features, depth, classes, rng, dtype=np.float32):
        self.unit, self.residual = unit, residual
        shapes = [
            {"weight": (features, inputs), "bias": (features,)},
            *[unit.shapes(features)] * depth,
            {"weight": (classes, features), "bias": (classes,)},
        ]
        sizes = [sum(map(math.prod, layer.values())) for layer in shapes]
        ends = np.cumsum(sizes)
        self.parameters = np.zeros(ends[-1], dtype)
        self.gradients = np.zeros_like(self.parameters)
        parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        self.blocks_at = parts[1:-1]
        arrays, self._gradients = (
            [views(vector[part], layer) for part, layer in zip(parts, shapes, strict=True)]
            for vector in (self.parameters, self.gradients)
        )
        for layer in arrays:
            for name, weight in layer.items():
                if weight.ndim == 2:
                    after_units = name in ("w2", "w_down")
                    square = unit.mean_square() if after_units else 1
                    scale = 1 / math.sqrt(weight.shape[1] * square)
                    weight[...] = scale * rng.standard_normal(weight.shape)
        self.first, self.last = Linear(**arrays[0]), Linear(**arrays[-1])
        self.blocks = [unit.block(layer) for layer in arrays[1:-1]]

    def forward(self, x):
        """The logits of every row of x."""
        x = self.first.forward(x)
        self.normal = []  # the normalised input of each block
        self._rms = []
        for block in self.blocks:
            y = block.forward(self._normalised(x))
            x = np.add(x, y, out=y) if self.residual else y
        return self.last.forward(self._normalised(x))

    def backward(self, dy):
        """Sets `gradients` for the last `forward`, from the gradient with respect to the logits."""
        layers = zip([self.first, *self.blocks, self.last], self._gradients, strict=True)
        (first, first_gradients), *blocks, (last, last_gradients) = layers
        dy = self._through_normalised(-1, through(last, dy, last_gradients))
        for i, (block, gradients) in reversed(list(enumerate(blocks))):
            dx = self._through_normalised(i, through(block, dy, gradients))
            dy = np.add(dx, dy, out=dx) if self.residual else dx
        through(first, dy, first_gradients)

    def _normalised(self, x):
        """Every row divided by its root mean square, in a residual network."""
        if self.residual:
            rms = np.sqrt(np.square(x).mean(axis=1, keepdims=True) + EPSILON)
            x = x / rms
            self._rms.append(rms)
        self.normal.append(x)
        return x

    def _through_normalised(self, i, dy):
        if not self.residual:
            return dy
        y = self.normal[i]
        return (dy - y * (dy * y).mean(axis=1, keepdims=True)) / self._rms[i]


def through(layer, dy, gradients):
    """Runs the backward step of a layer, writes the parameter gradients, and returns dx."""
    features = next(iter(layer.parameters.values())).shape[1]
    dx = np.empty((len(dy), features), dy.dtype)
    layer.backward(dy, out=(dx, gradients))
    return dx


def views(vector, shapes):
    """{name: array of the shape}: consecutive views of the vector, from its beginning."""
    found = {}
    for name, shape in shapes.items():
        size = math.prod(shape)
        found[name], vector = vector[:size].reshape(shape), vector[size:]
    return found
