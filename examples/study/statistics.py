"""Intervals and tests for a few paired runs.

There are two sources of chance. The interval over seeds (Student's t) covers training with other
random numbers on the same images. The interval over seeds and images (Owen's pigeonhole bootstrap,
2007, which draws both) also covers other test images, and is therefore wider.
"""

import math
from functools import lru_cache

import numpy as np


def t_inside(t, dof):
    """P(|T| <= t) of Student's t for an integer number of degrees of freedom, by the finite sums
    of Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(dof))
    cosine2 = math.cos(angle) ** 2
    odd = dof % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for k in range(2 + odd, dof + 1, 2):
        total += term
        term *= cosine2 * (k - 1) / k
    total *= math.sin(angle)
    return (angle + total) * 2 / math.pi if odd else total


def t_quantile(level, dof):
    """The t with P(|T| <= t) = level."""
    low, high = 0.0, 1.0
    while t_inside(high, dof) < level:
        low, high = high, 2 * high
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if t_inside(middle, dof) < level else (low, middle)
    return high


def interval(values, level=0.95):
    """(mean, low, high): the mean of independent values and its t interval."""
    values = np.asarray(values, float)
    mean = values.mean()
    half = t_quantile(level, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def p_value(differences):
    """The two-sided p-value of the paired t test."""
    differences = np.asarray(differences, float)
    spread = differences.std(ddof=1) / math.sqrt(len(differences))
    mean = abs(differences.mean())
    if spread == 0:
        return 1.0 if mean == 0 else 0.0
    return 1 - t_inside(mean / spread, len(differences) - 1)


def holm(p_values):
    """The p-values adjusted for their number (Holm, 1979). The probability that any adjusted
    p-value below 0.05 is wrong is at most 0.05."""
    order = np.argsort(p_values, kind="stable")
    adjusted = np.empty(len(order))
    least = 0.0
    for i, which in enumerate(order):
        least = max(least, min(1.0, (len(order) - i) * p_values[which]))
        adjusted[which] = least
    return adjusted.tolist()


@lru_cache(maxsize=1)
def weights(seeds, images, draws, seed):
    """(draws by seeds, draws by images): the share that each has in each draw, with replacement."""
    rng = np.random.default_rng(seed)
    seed_weights = rng.multinomial(seeds, np.full(seeds, 1 / seeds), draws) / seeds
    image_weights = rng.multinomial(images, np.full(images, 1 / images), draws) / images
    return seed_weights, image_weights


def interval_with_images(correct, level=0.95, draws=10_000, seed=0):
    """(low, high) for the mean of `correct` (seeds by images), drawing seeds and images again."""
    seed_weights, image_weights = weights(*correct.shape, draws, seed)
    means = np.einsum("ds,si,di->d", seed_weights, correct, image_weights, optimize=True)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
