"""Loads scikit-learn's digits, 1,797 images of 8 by 8 pixels."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

ENDS = [0, 997, 1297, 1797]  # edges of the training, validation and test images


@dataclass(frozen=True)
class Split:
    """Images as rows of pixels, and their classes."""

    x: np.ndarray
    label: np.ndarray


def digits():
    """(training, validation, test), in the order of the file. The training pixels have mean 0 and
    standard deviation 1.

    The images are not shuffled: neighbours seem to come from one hand, and the task is easier if
    training and test contain digits of the same hand.
    """
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    training = pixels[: ENDS[1]]
    x = (pixels - training.mean()) / training.std()
    return [
        Split(x[start:end].astype(np.float32), labels[start:end]) for start, end in pairwise(ENDS)
    ]


def nearest_neighbour(splits):
    """The test accuracy of the class of the nearest training image, for comparison."""
    training, _, test = splits
    squares = np.square(training.x).sum(axis=1) - 2 * test.x @ training.x.T
    return float((training.label[squares.argmin(axis=1)] == test.label).mean())
