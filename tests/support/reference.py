"""Evaluates the definitions of functions.def in Arb ball arithmetic (python-flint), and measures
errors in ULP. Of the library, only the table is used here."""

from dataclasses import dataclass
from functools import cache
from math import copysign, frexp, inf, isfinite, isinf, isnan, ldexp, nan

import numpy as np
from flint import arb, ctx

from gelu_fast._core import _ufuncs
from gelu_fast._core.table import limits, row_of

# The relative accuracy of a reference value, in bits. A small x adds as many bits as it has zeros
# after its point, so that x/2 + x^2/6, for example, differs from x/2.
ACCURACY = 160
NOTHING = arb(2) ** -2000  # every dtype rounds this to zero
FORMATS = {
    "float16": (-14, 10),
    "bfloat16": (-126, 7),
    "float32": (-126, 23),
    "float64": (-1022, 52),
}  # emin, mantissa bits

# ---- The words of a definition


def exp(x):
    return x.exp()


def expm1(x):
    return x.expm1()


def sqrt(x):
    return x.sqrt()


def erf(x):
    return x.erf()


def erfc(x):
    return x.erfc()


def tanh(x):
    return x.tanh()


def Phi(x):
    return (-x / arb(2).sqrt()).erfc() / 2


def phi(x):
    return (-x * x / 2).exp() / (2 * arb.pi()).sqrt()


def log_Phi(x):
    if x > 0:
        return (-Phi(-x)).log1p()
    return -x * x / 2 - ((2 * arb.pi()).sqrt() * phi_over_Phi(x)).log()


def phi_over_Phi(x):
    """For x <= -10 by Phi(x) = phi(x) U(1/2, 1/2, x^2/2) / sqrt(2), DLMF 7.11.5: no underflow."""
    if x > -10:
        return phi(x) / Phi(x)
    half = arb(1) / 2
    return arb(2).sqrt() / (x * x / 2).hypgeom_u(half, half)


def sigmoid(x):
    # The form whose exponential does not overflow.
    return 1 / (1 + (-x).exp()) if x > 0 else x.exp() / (1 + x.exp())


def sigmoid_grad(x):
    return sigmoid(x) * sigmoid(-x)


def step(x):
    return arb(1) if x > 0 else arb(0) if x <= 0 else arb(0.5, 0.5)


def maximum(x, y):
    return x.max(arb(y))


def minimum(x, y):
    return x.min(arb(y))


def softplus(x):
    return maximum(x, 0) + (-abs(x)).exp().log1p()


UNARY = (exp, expm1, sqrt, erf, erfc, tanh, Phi, phi, log_Phi, phi_over_Phi)
UNARY += (sigmoid, sigmoid_grad, step, softplus)
WORDS = {f.__name__: f for f in UNARY} | {"max": maximum, "min": minimum}
CONSTANTS = {
    "pi": arb.pi,
    "selu_alpha": lambda: arb("1.6732632423543772848170429916717"),
    "selu_scale": lambda: arb("1.0507009873554804934193349852946"),
}


@cache
def compiled(definition):
    return compile(definition, definition, "eval")


def definition(function):
    return compiled(row_of(function).definition)


def words():
    """The words of definitions, at the current precision."""
    return words_at(ctx.prec)


@cache
def words_at(precision):  # must be the current precision
    return WORDS | {name: constant() for name, constant in CONSTANTS.items()}


def value(function, x, dy=1.0):
    """A ball around the exact value at a finite float x, or at finite floats dy and x. Its relative
    radius is below 2^-ACCURACY, and below that times x if x is small; or it contains zero, if the
    value is zero or too close to it for any dtype."""
    accuracy = ACCURACY + max(0, -frexp(x)[1])
    inputs = {"x": arb(x), "dy": arb(dy)}
    [ball] = accurate(lambda: [eval(definition(function), words(), inputs)], accuracy)
    return ball


def accurate(evaluate, accuracy=ACCURACY):
    """The balls that `evaluate` returns at the first precision that makes them accurate enough."""
    precision = ctx.prec
    try:
        ctx.prec = ACCURACY + accuracy
        while True:
            balls = evaluate()
            good = [b.rel_accuracy_bits() >= accuracy or abs(b) < NOTHING for b in balls]
            if all(good) or ctx.prec > 2**13:
                return balls
            ctx.prec *= 2
    finally:
        ctx.prec = precision


def values_of_compound(row, inputs):
    """A list with a ball for each output, at finite floats."""
    code = compiled(row.definition)

    def function(name):
        names = row_of(name).inputs
        return lambda *x: eval(definition(name), words() | dict(zip(names, x, strict=True)))

    def evaluate():
        functions = {name: function(name) for name in code.co_names if name in _ufuncs.ufuncs()}
        exact = dict(zip(row.inputs, map(arb, inputs), strict=True))
        results = eval(code, words() | functions | exact)
        return list(results) if row.nout == 2 else [results]

    return accurate(evaluate)


# ---- Reference values and errors, as arrays


@dataclass
class Reference:
    """Exact values r: `nearest` is the float64 number nearest to r, or infinite if r rounds to an
    infinity in the dtype; `rest` is r - nearest in ULP of the dtype; an ULP is 2^exponent."""

    nearest: np.ndarray
    rest: np.ndarray
    exponent: np.ndarray

    def rounded(self):
        """r rounded to the dtype, to nearest and ties to even, as float64. For a dtype smaller than
        float64, `nearest` is rounded; if it is a tie, the sign of `rest` decides."""
        finite = np.isfinite(self.nearest)
        in_ulp = np.ldexp(np.where(finite, np.abs(self.nearest), 0), -self.exponent)
        whole = np.floor(in_ulp)
        beyond, outwards = in_ulp - whole, np.copysign(1.0, self.nearest) * self.rest
        up = np.where(outwards == 0, whole % 2 == 1, outwards > 0)
        up = np.where(beyond == 0.5, up, beyond > 0.5)
        rounded = np.copysign(np.ldexp(whole + up, self.exponent), self.nearest)
        return np.where(finite, rounded, self.nearest)


def one_reference(function, dtype, x, dy=1.0):
    """(nearest, rest, exponent) at the float x, or at the floats dy and x."""
    emin, mantissa_bits = FORMATS[dtype]

    def ulp_exponent(exponent):
        return max(exponent, emin) - mantissa_bits

    if isnan(x):
        return nan, 0.0, 0
    if isinf(x):
        limit = dy * limits(function)[repr(x)]
        return limit, 0.0, ulp_exponent(frexp(limit)[1] - 1)
    if not isfinite(dy) or dy == 0:
        # Only the sign of the factor of dy matters, unless the factor is exactly zero.
        factor = one_reference(function, dtype, x)[0]
        if factor != 0 or not value(function, x).is_zero():
            factor = copysign(1.0, factor)
        return dy * factor, 0.0, ulp_exponent(emin)
    ball = value(function, x, dy)
    if x == 0 and ball == 0:  # a zero with the sign of the values next to 0
        ball, nothing = value(function, copysign(2.0**-100, x), dy), True
    else:
        nothing = abs(ball) < power_of_2(ulp_exponent(emin) - 200)  # every dtype rounds it to zero
    if nothing:
        point = x if x == 0 else copysign(inf, x)
        limit = limits(function).get(repr(point))
        limit = None if limit is None else dy * limit
        assert not ball.contains(0) or limit == 0, (function, x)
        return limit if ball.contains(0) else 0.0 if ball > 0 else -0.0, 0.0, ulp_exponent(emin)
    assert not ball.contains(0), (function, x)
    return in_ulp(ball, emin, mantissa_bits)


@cache
def power_of_2(exponent):
    return arb(2) ** exponent


@cache
def overflow(emin, mantissa_bits):
    """The smallest number that rounds to infinity: half an ULP above the largest finite one."""
    with ctx.workprec(2 * ACCURACY):
        return (2 - power_of_2(-mantissa_bits - 1)) * power_of_2(1 - emin)


def in_ulp(ball, emin, mantissa_bits):
    """(nearest, rest, exponent) of a ball that does not contain 0, or is 0."""
    if ball == 0:
        return 0.0, 0.0, emin - mantissa_bits
    if abs(ball) >= overflow(emin, mantissa_bits):
        return inf if ball > 0 else -inf, 0.0, -emin - mantissa_bits
    mantissa, power = ball.mid().man_exp()
    exponent = max(abs(int(mantissa)).bit_length() + int(power) - 1, emin) - mantissa_bits
    nearest = to_float(ball)
    rest = (ball.mid() - arb(nearest)) * power_of_2(-exponent)
    return nearest, float(rest.mid()), exponent


def to_float(ball):
    """The nearest float64, subnormals included; a zero has the sign of the value."""
    mantissa, power = (int(part) for part in ball.mid().man_exp())
    lost = max(abs(mantissa).bit_length() - 53, -1074 - power, 0)
    half = 1 << lost >> 1
    kept, dropped = abs(mantissa) >> lost, abs(mantissa) & ((1 << lost) - 1)
    kept += dropped > half or (dropped == half != 0 and kept & 1)
    return copysign(ldexp(kept, power + lost), -1 if mantissa < 0 else 1)


def reference(function, dtype, x, dy=None):
    """The Reference at each number of the array x, which has the given dtype, or at each pair of dy
    and x."""
    dy = np.ones(x.size) if dy is None else dy
    pairs = zip(x.tolist(), dy.tolist(), strict=True)
    columns = zip(*(one_reference(function, dtype, *pair) for pair in pairs), strict=True)
    nearest, rest, exponent = (np.array(column) for column in columns)
    return Reference(nearest, rest, exponent)


def reference_of_compound(row, args):
    """A list with a Reference for each output, at arrays of finite numbers."""
    items = zip(*(x.tolist() for x in args), strict=True)
    parts = [[in_ulp(b, *FORMATS[row.dtype]) for b in values_of_compound(row, x)] for x in items]
    return [
        Reference(*(np.array(column) for column in zip(*output, strict=True)))
        for output in zip(*parts, strict=True)
    ]


def error_ulp(got, want):
    """abs(got - r) / ulp(r), elementwise; ulp(r) = 2^(max(exponent(r), emin) - mantissa bits).

    The error is infinite for a zero of the wrong sign, a NaN instead of a number, a number instead
    of a NaN, and a wrong infinity."""
    with np.errstate(invalid="ignore", over="ignore"):
        got = got.astype(np.float64)  # relu returns signalling NaNs
        error = np.abs(np.ldexp(got - want.nearest, -want.exponent) - want.rest)
    special = ~np.isfinite(got) | ~np.isfinite(want.nearest)
    same = (got == want.nearest) | (np.isnan(got) & np.isnan(want.nearest))
    error[special] = np.where(same, 0.0, np.inf)[special]
    error[(got == 0) & (np.signbit(got) != np.signbit(want.nearest))] = np.inf
    return error
