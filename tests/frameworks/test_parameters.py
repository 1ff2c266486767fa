"""elu, celu and softplus with parameters keep the bounds that their docstrings state, for every x
and every parameter. The reference is Arb."""

import math
import re

import numpy as np
import pytest
from flint import arb, ctx
from support.bits import assert_same_bits
from support.table import DTYPES

import gelu_fast.functional as F
from gelu_fast._core.dtypes import finfo

PRECISION = 400
ORDINARY = [0.1, 0.3, 0.7, 1.3, 1.702, 2.0, 3.0, 20.0, 1e-3, 1e3]
EXTREME = [5e-324, 1e-310, 1e-300, 1e-160, 1e-38, 1e-20, 1e20, 1e39, 1e160, 1e300, 1.7e308]


def exact_elu(x, alpha):
    return arb(alpha) * arb(x).expm1() if x < 0 else arb(x)


def exact_celu(x, alpha):
    return arb(alpha) * (arb(x) / arb(alpha)).expm1() if x < 0 else arb(x)


def exact_softplus(x, beta):
    t = arb(beta) * arb(x)
    if t > 400:  # log1p(exp(-t)) does not show in any dtype
        return arb(x)
    return t.exp().log1p() / arb(beta)


def around(parameter, dtype, shift):
    """Returns x for which parameter * x (or x / parameter) has all magnitudes that matter."""
    rng = np.random.default_rng(abs(hash(parameter)) % 2**32)
    t = np.concatenate(
        [
            -(10.0 ** rng.uniform(-20, 0, 25)),
            rng.uniform(-42, 3, 60),
            rng.uniform(-760, -38, 40),
            rng.uniform(-1500, -700, 15),
            [-40.0, -39.99, -1e-300, -0.5, -1.0, -745.13, -708.4, 0.0],
        ]
    )
    with np.errstate(all="ignore"):
        x = np.ldexp(t * shift[0], 0) if shift[1] else t
        x = x.astype(dtype)
    return x[np.isfinite(x.astype(np.float64))]


def largest_error(got, exact, dtype):
    """Returns the largest error in ULP of the dtype; a result beyond its range is infinite."""
    info = finfo(dtype)
    least = math.frexp(float(info.smallest_normal))[1]
    bits = round(-math.log2(float(info.eps)))
    worst = 0.0
    for value, right in zip(got.astype(np.float64), exact, strict=True):
        nearest = float(right)
        if abs(nearest) > float(info.max):
            assert abs(value) >= float(info.max)
            continue
        exponent = max(math.frexp(nearest)[1], least) - 1 - bits
        assert math.isfinite(value)
        worst = max(worst, float(abs(arb(float(value)) - right) / arb(2) ** exponent))
    return worst


def stated(function, dtype, negative=False):
    """Returns the bound of the docstring."""
    text = " ".join(function.__doc__.split())
    if dtype != "float64":
        return float(re.search(r"within ([\d.]+) ULP in float32, bfloat16 and float16", text)[1])
    if negative:
        return float(re.search(r"or (\d+) ULP if alpha is negative", text)[1])
    return float(re.search(r"within (\d+) ULP in float64", text)[1])


CASES = [
    *(("elu", sign * value) for value in ORDINARY + EXTREME for sign in (1, -1)),
    *(("celu", sign * value) for value in ORDINARY + EXTREME for sign in (1, -1)),
    *(("softplus", sign * value) for value in ORDINARY + EXTREME for sign in (1, -1)),
]


@pytest.mark.arb
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "parameter"), CASES)
def test_bound(isa, dtype, name, parameter):
    ctx.prec = PRECISION
    with np.errstate(all="ignore"):
        factor = {"elu": 1.0, "celu": abs(parameter), "softplus": 1 / parameter}[name]
    if not math.isfinite(factor):
        factor = math.copysign(1e308, factor)
    x = around(parameter, dtype, (factor, True))
    if name == "softplus":
        got = F.softplus(x, parameter, math.inf)
        exact = [exact_softplus(float(value), parameter) for value in x]
    else:
        got = getattr(F, name)(x, parameter)
        exact = [{"elu": exact_elu, "celu": exact_celu}[name](float(v), parameter) for v in x]
    bound = stated(getattr(F, name), np.dtype(dtype).name, name == "celu" and parameter < 0)
    assert largest_error(got, exact, dtype) <= bound


@pytest.mark.parametrize("dtype", DTYPES)
def test_limits(dtype):
    x = np.array([-np.inf, -2.0, -0.0, 0.0, 2.0, np.inf, np.nan], dtype)

    def check(got, want):
        assert got.dtype == x.dtype
        assert_same_bits(got[:-1], np.array(want, dtype))
        assert np.isnan(got[-1])

    with np.errstate(all="raise"):
        check(F.celu(x, np.inf), [-np.inf, -2, -0.0, 0, 2, np.inf])
        assert np.isnan(F.celu(x, np.nan)[:2]).all()
        check(F.celu(x, 0.5)[[0, 2, 3, 4, 5, 6]], [-0.5, -0.0, 0, 2, np.inf])
        check(F.celu(x, -0.5)[[0, 2, 3, 4, 5, 6]], [-np.inf, -0.0, 0, 2, np.inf])
        check(F.elu(x, 0.5)[[0, 2, 3, 4, 5, 6]], [-0.5, -0.0, 0, 2, np.inf])
        check(F.softplus(x, 2.0)[[0, 5, 6]], [0, np.inf])
        check(F.softplus(x, -2.0, np.inf)[[0, 5, 6]], [-np.inf, -0.0])
        check(F.hardtanh(x, -np.inf, np.inf), [-np.inf, -2, -0.0, 0, 2, np.inf])
        check(F.leaky_relu(x, -1.0)[[0, 1, 4, 5, 6]], [np.inf, 2, 2, np.inf])


def test_limits_beyond_the_range():
    """A limit beyond the range of the dtype limits nothing."""
    for dtype in DTYPES:
        largest = finfo(dtype).max
        x = np.array([-largest, 1, largest], dtype)
        with np.errstate(all="raise"):
            assert_same_bits(F.hardtanh(x, -1e309, 1e309), x)
            assert_same_bits(F.hardtanh(x, -1.7e308, 1.7e308)[1:2], x[1:2])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("threshold", [-3.0, 0.0, 1.5, 20.0])
def test_threshold(dtype, threshold):
    """x itself where beta * x is above the threshold, also for negative beta."""
    x = np.linspace(-20, 20, 161).astype(dtype)
    for beta in (0.5, 1.0, 2.0, -2.0):
        above = beta * x.astype(np.float64) > threshold
        got = F.softplus(x, beta, threshold)
        assert_same_bits(got[above], x[above])
        assert_same_bits(got[~above], F.softplus(x, beta, np.inf)[~above])
