"""The input of a fuzz target, read as a list of decisions."""

import numpy as np


class Choices:
    """Reads decisions from bytes, one byte for each or two for large ones; after the last byte,
    every decision is 0."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def byte(self):
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def pick(self, below):
        """An integer of range(below)."""
        return (self.byte() if below <= 256 else self.byte() << 8 | self.byte()) % below

    def between(self, least, greatest):
        return least + self.pick(greatest - least + 1)

    def of(self, values):
        return values[self.pick(len(values))]

    def rng(self):
        return np.random.default_rng(self.byte())

    def rest(self):
        rest, self.at = self.data[self.at :], len(self.data)
        return rest


SPECIAL = [0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5]


def numbers(choices, dtype, count):
    """Numbers of a dtype: any bits, special values, and values of all sizes."""
    rng, dtype = choices.rng(), np.dtype(dtype)
    if dtype.kind == "b":
        return rng.random(count) < 0.5
    anything = np.frombuffer(rng.bytes(count * dtype.itemsize), dtype).copy()
    if dtype.kind in "iu":
        return anything
    unit = rng.random(count)
    small = unit * (1e-310 if dtype.itemsize == 8 else 1e-40)
    kinds = [anything, rng.choice(SPECIAL, count), 8 * unit - 4, -4 - 40 * unit, small]
    kind = choices.pick(len(kinds) + 1)
    mixed = rng.integers(0, len(kinds), count) if kind == len(kinds) else np.full(count, kind)
    with np.errstate(all="ignore"):
        return np.choose(mixed, [values.astype(dtype) for values in kinds])
