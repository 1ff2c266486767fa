"""One run: trains a network on images for a fixed number of steps, and examines it."""

import numpy as np

from .network import Network

FEATURES, DEPTH = 48, 8
BATCH = 64
BETAS, EPSILON = (0.9, 0.999), 1e-8  # of Adam, as in its paper
STEEPNESS_OF_DEAD = 1e-3  # the largest derivative of a dead unit over all training images


def loss_and_gradient(logits, label):
    """The mean cross-entropy, and its gradient with respect to the logits."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    gradient = np.exp(shifted)
    total = gradient.sum(axis=1, keepdims=True)
    rows = np.arange(len(label))
    loss = float(np.mean(np.log(total[:, 0]) - shifted[rows, label]))
    gradient /= total
    gradient[rows, label] -= 1
    gradient /= len(label)
    return loss, gradient


class Adam:
    """Adam (Kingma and Ba, 2015), with a rate that falls linearly to 0."""

    def __init__(self, parameters, rate, steps):
        self.parameters, self.rate, self.steps, self.done = parameters, rate, steps, 0
        self.mean, self.square = np.zeros_like(parameters), np.zeros_like(parameters)

    def step(self, gradients):
        rate = self.rate * (1 - self.done / self.steps)
        self.done += 1
        (b1, b2), n = BETAS, self.done
        self.mean += (1 - b1) * (gradients - self.mean)
        self.square += (1 - b2) * (gradients * gradients - self.square)
        root = np.sqrt(self.square / (1 - b2**n))
        self.parameters -= rate / (1 - b1**n) * self.mean / (root + EPSILON)


def new_network(unit, residual, split, seed, dtype=np.float32):
    rng = np.random.default_rng([seed, 0])
    return Network(
        unit, residual, split.x.shape[1], FEATURES, DEPTH, split.label.max() + 1, rng, dtype
    )


def step(network, optimiser, x, label):
    """Takes one step and returns the loss before it."""
    loss, gradient = loss_and_gradient(network.forward(x), label)
    network.backward(gradient)
    optimiser.step(network.gradients)
    return loss


def train(network, split, rate, epochs, seed):
    """Trains in batches. Their order depends only on the seed."""
    rng = np.random.default_rng([seed, 1])
    batches = len(split.label) // BATCH
    optimiser = Adam(network.parameters, rate, epochs * batches)
    for _ in range(epochs):
        order = rng.permutation(len(split.label))
        for rows in order[: batches * BATCH].reshape(batches, BATCH):
            step(network, optimiser, split.x[rows], split.label[rows])


def correct(network, split):
    """Whether the class is correct, for each image."""
    return network.forward(split.x).argmax(axis=1) == split.label


def condition(network, split):
    """The state of a network, over all images of the split."""
    loss, gradient = loss_and_gradient(network.forward(split.x), split.label)
    network.backward(gradient)
    norms = [float(np.linalg.norm(network.gradients[at])) for at in network.blocks_at]
    steepest = np.concatenate(
        [
            network.unit.steepness(block, x).max(axis=0)
            for block, x in zip(network.blocks, network.normal, strict=False)
        ]
    )
    return {
        "loss": loss,
        "gradient_norms": norms,
        "units": len(steepest),
        "dead": int((steepest < STEEPNESS_OF_DEAD).sum()),
        "without_gradient": int((steepest == 0).sum()),
    }


def run(unit, residual, rate, seed, epochs, splits):
    """Trains and examines one network, and returns everything that the report needs."""
    training, validation, test = splits
    network = new_network(unit, residual, training, seed)
    start = condition(network, training)
    with np.errstate(over="ignore", invalid="ignore"):  # if the rate is too large
        train(network, training, rate, epochs, seed)
        end = condition(network, training)
        return {
            "parameters": len(network.parameters),
            "start": start,
            "end": end,
            "validation_accuracy": float(correct(network, validation).mean()),
            "test_correct": correct(network, test).tolist(),
        }
