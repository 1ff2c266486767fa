"""Matrices of float64 values with bounds on the rounding errors that another evaluation of the same
expression may have, in any order. This is the running error analysis of Higham, Accuracy and
Stability of Numerical Algorithms, chapter 3."""

from dataclasses import dataclass

import numpy as np
from flint import arb, ctx

from gelu_fast._core import _ufuncs
from support import reference

BOUNDS = {(row.function, row.dtype): row.bound_ulp for row in _ufuncs.table()}


@dataclass
class Bounded:
    """A result computed in `dtype` differs from `value` by at most `error`, elementwise.

    `error` includes the rounding of `value` itself, in float64: the unit roundoff is the sum of
    both.
    """

    value: np.ndarray
    error: np.ndarray
    dtype: np.dtype

    @classmethod
    def exact(cls, array):
        return cls(array.astype(np.float64), np.zeros(array.shape), array.dtype)

    @classmethod
    def joined(cls, parts, axis):
        values, errors = ([getattr(part, name) for part in parts] for name in ("value", "error"))
        return parts[0].like(np.concatenate(values, axis), np.concatenate(errors, axis))

    @property
    def unit(self):
        return np.finfo(self.dtype).eps / 2 + 2.0**-53

    @property
    def magnitude(self):
        return np.abs(self.value) + self.error

    @property
    def T(self):
        return self.like(self.value.T, self.error.T)

    def __getitem__(self, index):
        return self.like(self.value[index], self.error[index])

    def like(self, value, error):
        return Bounded(value, error, self.dtype)

    def constant(self, number):
        """The number rounded to the dtype, taken as exact."""
        return Bounded.exact(np.array(number, self.dtype))

    def rounded(self, value, error, units=1):
        """The value with this error and that of rounding, relative and, for subnormals,
        absolute."""
        relative = units * self.unit / (1 - units * self.unit)
        tiny = units * float(np.finfo(self.dtype).smallest_subnormal)
        return self.like(value, error + relative * (np.abs(value) + error) + tiny)

    def __add__(self, other):
        return self.rounded(self.value + other.value, self.error + other.error)

    def __sub__(self, other):
        return self + self.like(-other.value, other.error)

    def __mul__(self, other):
        error = self.magnitude * other.magnitude - np.abs(self.value * other.value)
        return self.rounded(self.value * other.value, error)

    def __matmul__(self, other):
        """Each sum of n products has n roundings, in any order, fused or not."""
        value = self.value @ other.value
        absolute = self.magnitude @ other.magnitude
        error = absolute - np.abs(self.value) @ np.abs(other.value)
        sized = self.rounded(absolute, 0 * absolute, self.value.shape[-1])
        return self.like(value, error + sized.error)

    def __truediv__(self, other):
        assert (np.abs(other.value) > other.error).all()
        error = self.error + np.abs(self.value / other.value) * other.error
        error /= np.abs(other.value) - other.error
        return self.rounded(self.value / other.value, error)

    def increasing(self, function, units):
        """An increasing function that is computed with an error of `units` units of roundoff."""
        value = function(self.value)
        above, below = function(self.value + self.error), function(self.value - self.error)
        return self.rounded(value, np.maximum(above - value, value - below), units)

    def sums(self):
        """The sums over the last axis, which is kept with length 1."""
        return self @ Bounded.exact(np.ones((self.value.shape[-1], 1), self.dtype))

    def holds(self, got):
        """Whether an array is within the bounds, which must be much smaller than the values."""
        assert got.dtype == self.dtype
        assert got.shape == self.value.shape
        assert self.error.max() < 1e-2 * np.abs(self.value).max()
        return bool((np.abs(got - self.value) <= self.error).all())


def apply(function, *arguments):
    """A function of the library: its definition, evaluated in Arb on the balls of the arguments,
    with the error that the table allows."""
    first = arguments[0]
    names = ["x"] if len(arguments) == 1 else ["dy", "x"]
    compiled = reference.definition(function)
    values, radii = np.empty_like(first.value), np.empty_like(first.value)
    with ctx.workprec(128):
        for i in np.ndindex(first.value.shape):
            balls = [arb(float(a.value[i]), float(a.error[i])) for a in arguments]
            ball = eval(compiled, reference.words() | dict(zip(names, balls, strict=True)))
            values[i] = reference.to_float(ball)
            radii[i] = float((ball - arb(values[i])).abs_upper())
    bound = BOUNDS[function, str(first.dtype)]
    return first.rounded(values, radii, 2 * bound)  # an ULP is at most two units of roundoff
