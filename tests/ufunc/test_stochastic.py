"""`gelu_stochastic`: the generator's draws decide the gates, their probability is Phi(x), and the
mean of the results is `gelu`."""

import math

import numpy as np
import pytest
from support.bits import assert_same_bits
from support.table import DTYPES

import gelu_fast
from gelu_fast import gelu, gelu_stochastic
from gelu_fast._expressions.ufuncs import stochastic

FALSE_ALARM = 1e-6  # the probability that the statistical test fails for a correct function


def Phi(x):
    """Computes Phi with the C library, which gelu_fast does not use for it."""
    return np.array([math.erfc(-t / math.sqrt(2)) / 2 for t in np.ravel(x)]).reshape(np.shape(x))


def gated(x, seed):
    """Computes the documented result for float64: x if its draw, in C order, is less than Phi(x),
    otherwise 0."""
    draws = np.random.default_rng(seed).random(x.shape)
    return np.where(draws < Phi(x), x, np.copysign(0.0, x))


@pytest.fixture
def x():
    return np.random.default_rng(30).normal(0, 2, (7, 11, 500))  # more than two blocks


def test_draws(isa, x):
    assert_same_bits(gelu_stochastic(x, np.random.default_rng(1)), gated(x, 1))


@pytest.mark.parametrize("dtype", DTYPES)
def test_dtypes(isa, dtype, x):
    """The gate of a number does not depend on its dtype."""
    x = x[:2].astype("float16").astype("bfloat16")  # each dtype can represent these numbers
    found = gelu_stochastic(x.astype(dtype), np.random.default_rng(2))
    assert found.dtype == dtype
    assert_same_bits(found.astype(np.float64), gated(x.astype(np.float64), 2))


def test_a_draw_that_equals_the_probability():
    """x is kept only if the draw is less than Phi(x)."""
    x = np.array([-50.0, -1.0, 0.0, 1.0, 50.0])
    phi = gelu_fast.ndtr(x)
    assert_same_bits(stochastic(x, phi), np.copysign(0.0, x))
    below = np.nextafter(phi[1:], 0)
    assert_same_bits(stochastic(x[1:], below), x[1:])


def test_integers():
    found = gelu_stochastic(np.array([-1, 0, 9], np.int8), np.random.default_rng(0))
    assert found.dtype == np.float16
    assert found[2] == 9


LAYOUTS = {
    "Fortran order": np.asfortranarray,
    "transposed": lambda x: x.transpose(2, 0, 1).copy().transpose(1, 2, 0),
    "reversed": lambda x: x[:, ::-1, ::-1].copy()[:, ::-1, ::-1],
    "strided": lambda x: np.repeat(x, 2, 2)[..., ::2],
    "byte-swapped": lambda x: x.astype(x.dtype.newbyteorder()),
    "list": lambda x: x.tolist(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout, x):
    found = gelu_stochastic(LAYOUTS[layout](x), np.random.default_rng(3))
    assert_same_bits(found, gated(x, 3))


def test_one_draw_for_each_element(x):
    """Each element takes one draw whatever its value, so several calls continue the stream."""
    x = x.ravel()
    x[:4] = np.nan, np.inf, -np.inf, 0
    rng = np.random.default_rng(4)
    parts = [gelu_stochastic(part, rng) for part in np.split(x, [1, 5, 5, 20000])]
    assert_same_bits(np.concatenate(parts), gelu_stochastic(x, np.random.default_rng(4)))
    expected = np.random.default_rng(4)
    expected.random(x.size)
    assert rng.random() == expected.random()


@pytest.mark.parametrize("dtype", DTYPES)
def test_special_values(isa, dtype):
    x = np.array([-np.inf, np.inf, np.nan, -0.0, 0.0, -300, 300] * 50, dtype)
    found = gelu_stochastic(x, np.random.default_rng(5)).astype(np.float64).reshape(50, 7)
    assert np.isnan(found[:, 2]).all()
    want = np.broadcast_to([-0.0, np.inf, -0.0, 0.0, -0.0, 300], (50, 6))
    assert_same_bits(np.delete(found, 2, 1), want)


def test_shapes():
    rng = np.random.default_rng(6)
    assert gelu_stochastic(np.zeros((3, 0)), rng).shape == (3, 0)
    assert type(gelu_stochastic(np.float32(20), rng)) is np.float32
    assert gelu_stochastic(np.float32(20), rng) == 20


def test_out(x):
    want = gated(x, 7)
    out = np.empty(x.shape)
    assert gelu_stochastic(x, np.random.default_rng(7), out=out) is out
    assert_same_bits(out, want)
    out = np.empty(x.shape, np.float32)  # as for ufuncs
    gelu_stochastic(x, np.random.default_rng(7), out=out)
    assert_same_bits(out, want.astype(np.float32))
    same = x.copy()
    assert gelu_stochastic(same, np.random.default_rng(7), out=same) is same
    assert_same_bits(same, want)
    memory = np.concatenate([[0.0], x.ravel()])
    gelu_stochastic(memory[1:], np.random.default_rng(7), out=memory[:-1])
    assert_same_bits(memory[:-1], gated(x.ravel(), 7))


@pytest.mark.parametrize("dtype", DTYPES)
def test_expected(isa, dtype, x):
    x = x.astype(dtype)
    assert_same_bits(gelu_stochastic(x, None, expected=True), gelu(x))
    rng = np.random.default_rng(8)
    out = np.empty_like(x)
    assert gelu_stochastic(x, rng, expected=True, out=out) is out
    assert_same_bits(out, gelu(x))
    assert rng.random() == np.random.default_rng(8).random()  # nothing was drawn


REFUSED = {
    "seed": ({"rng": 0}, TypeError, "rng must be a numpy.random.Generator; got int"),
    "no rng": ({"rng": None}, TypeError, "rng must be"),
    "RandomState": ({"rng": np.random.RandomState(0)}, TypeError, "got RandomState"),
    "complex": ({"x": np.ones(3, complex)}, TypeError, "'gelu'"),
    "string": ({"x": ["a", "b", "c"]}, TypeError, "'gelu'"),
    "out, list": ({"out": [0.0, 0.0, 0.0]}, TypeError, "out must be an array; got list"),
    "out, shape": ({"out": np.empty((2, 3))}, ValueError, r"shape of x, \(3,\); got \(2, 3\)"),
    "out, dtype": ({"out": np.empty(3, int)}, TypeError, "to which float64 can be cast; got int64"),
    "out, read-only": ({"out": np.broadcast_to(0.0, 3)}, ValueError, "out must be writable"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    arguments, error, message = REFUSED[case]
    rng = np.random.default_rng(9)
    with pytest.raises(error, match=message):
        gelu_stochastic(**{"x": [1.0, 2.0, 3.0], "rng": rng, **arguments})
    assert rng.random() == np.random.default_rng(9).random()  # nothing was drawn


# ---- Statistics

POINTS = np.array([-4, -3, -2, -1.5, -1, -0.75, -0.5, -0.1, -1e-3, 0.3, 1, 1.7, 2.5, 3.2, 4.1])
DRAWS = 1 << 20


def surprise(share, p, n):
    """Returns -log of Chernoff's bound on the probability that the share of n draws is as far from
    p, on either side: 2 exp(-n * relative entropy)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [share * np.log(share / p), (1 - share) * np.log((1 - share) / (1 - p))]
    return n * np.nansum(terms, 0) - math.log(2)


def rejected(shares, p):
    """Returns whether a share is less probable than FALSE_ALARM divided by the number of shares."""
    return (surprise(shares, p, DRAWS) > math.log(len(shares) / FALSE_ALARM)).any()


@pytest.fixture(scope="module")
def shares():
    """Returns the share of kept numbers for each point."""
    rng = np.random.default_rng(20)
    return np.array([np.mean(gelu_stochastic(np.full(DRAWS, x), rng) != 0) for x in POINTS])


def test_probability(shares):
    assert not rejected(shares, Phi(POINTS))


def test_wrong_probability_is_found(shares):
    """The test rejects the probability of gelu_quick, and Phi(x + 0.01)."""
    assert rejected(shares, 1 / (1 + np.exp(-1.702 * POINTS)))
    assert rejected(shares, Phi(POINTS + 0.01))


def test_mean_is_gelu(shares):
    """The mean over draws is x times the share, so the same test applies."""
    assert not rejected(shares, gelu_fast.gelu(POINTS) / POINTS)
