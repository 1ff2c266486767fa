"""Compares the units. All compared pairs form one family, whose p-values are adjusted together."""

from dataclasses import dataclass

import numpy as np

from . import statistics

BASE = "ReLU"
OTHER_PAIRS = [("GELU", "GELU, tanh form"), ("GEGLU", "GELU"), ("SwiGLU", "SiLU")]


@dataclass(frozen=True)
class Comparison:
    """The test accuracy of one unit minus the test accuracy of another, in percentage points."""

    mean: float
    low: float  # 95% over seeds
    high: float
    images_low: float  # 95% over seeds and test images
    images_high: float
    p: float  # over seeds, adjusted

    def reversed(self):
        return Comparison(
            -self.mean, -self.high, -self.low, -self.images_high, -self.images_low, self.p
        )

    @property
    def differs(self):
        """Whether the difference remains with other seeds, on these images."""
        return self.p < 0.05

    @property
    def differs_on_other_images(self):
        return self.differs and not self.images_low <= 0 <= self.images_high


def correct(found, unit):
    """An array of seeds by test images: 1 where the class is correct, otherwise 0."""
    return np.array([run["test_correct"] for run in found[unit]["runs"]], float)


def compare_all(results):
    """{(network, unit, other): Comparison}"""
    differences = {}
    for network, found in results["networks"].items():
        pairs = [(unit, BASE) for unit in found if unit != BASE] + OTHER_PAIRS
        for a, b in pairs:
            if a in found and b in found:
                differences[network, a, b] = correct(found, a) - correct(found, b)
    p = statistics.holm([statistics.p_value(d.mean(axis=1)) for d in differences.values()])
    return {
        key: Comparison(
            *(100 * x for x in statistics.interval(d.mean(axis=1))),
            *(100 * x for x in statistics.interval_with_images(d)),
            adjusted,
        )
        for (key, d), adjusted in zip(differences.items(), p, strict=True)
    }
