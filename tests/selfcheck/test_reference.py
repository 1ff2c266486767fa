"""The reference of selfcheck agrees with Arb."""

import numpy as np
import pytest
from flint import arb, ctx
from support import reference as arb_words

from gelu_fast._core.dtypes import finfo
from gelu_fast._reference import intervals
from gelu_fast._reference.decimals import ARGUMENTS, definition, exact
from gelu_fast._reference.ulp import error_ulp, reference
from gelu_fast._selfcheck.inputs import Block, block_inputs

WORDS = arb_words.WORDS


@pytest.fixture(autouse=True)
def precision():
    before = ctx.prec
    ctx.prec = 800
    yield
    ctx.prec = before


def by_arb(function, inputs):
    """Returns the value of a function at finite floats."""
    arguments = dict(zip(ARGUMENTS[len(inputs)], map(arb, inputs), strict=True))
    constants = {name: constant() for name, constant in arb_words.CONSTANTS.items()}
    return eval(definition(function), WORDS | constants | arguments)


def some_inputs(row):
    """Returns finite inputs of a row, some of every kind."""
    kinds = [("points", 3), ("random", 301)]
    if row.dtype == "float64":
        kinds = [("points", 5), ("random", 5)]
    blocks = [
        [x[::step] for x in block_inputs(Block(row.function, row.dtype, kind, 0), seed=1)]
        for kind, step in kinds
    ]
    inputs = [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
    with np.errstate(invalid="ignore"):  # bfloat16's comparisons warn of a signalling NaN
        finite = np.logical_and.reduce([np.isfinite(x) for x in inputs])
    return [x[finite] for x in inputs]


def test_reference(row):
    inputs = some_inputs(row)
    info = finfo(row.dtype)
    overflow = arb(2) ** info.maxexp - arb(2) ** (info.maxexp - info.nmant - 2)
    with np.errstate(all="ignore"):
        found = reference(row.function, row.dtype, inputs)
    for i, values in enumerate(zip(*(x.tolist() for x in inputs), strict=True)):
        want, middle = by_arb(row.function, values), float(found.middle[i])
        if not want.contains(0):
            assert np.signbit(middle) == (want < 0), values
        if abs(want) >= overflow:
            assert np.isinf(middle), values
            continue
        ulp = arb(2) ** int(found.exponent[i])
        error = abs(arb(middle) + arb(float(found.rest[i])) * ulp - want) / ulp
        assert error < float(found.slack[i]) + 1e-4, values
        if abs(want) > arb(2) ** (info.minexp - 1):
            binade = want.mid().man_exp()
            exponent = abs(int(binade[0])).bit_length() - 1 + int(binade[1])
            ulp_exponent = max(exponent, int(info.minexp)) - int(info.nmant)
            # Neither reference distinguishes 1 - 1e-300, 1 and 1 + 1e-300.
            at, next_above = (abs(want) / arb(2) ** (exponent + k) for k in (0, 1))
            lower = found.slack[i] > 0 or abs(at - 1) < arb("1e-20")
            higher = abs(next_above - 1) < arb("1e-20")
            lowest = ulp_exponent - (lower or higher)
            assert lowest <= found.exponent[i] <= ulp_exponent + higher, values
    if row.dtype != "float64":
        # The error bounds of float64 arithmetic were used, except that relu's values are exact.
        assert (found.slack > 0).mean() > 0.5 or not found.slack.any()


def test_exact_has_twenty_digits(row):
    for values in zip(*(x[::5].tolist() for x in some_inputs(row)), strict=True):
        want, got = by_arb(row.function, values), exact(row.function, *values)
        if not want.contains(0) and got != 0:
            assert abs(arb(str(got)) / want - 1) < arb("1e-20"), values


OPERATIONS = ["a + b", "a - b", "a * b", "a / b", "3 - a", "7 / b", "-a", "max(a, b)", "min(a, 0)"]
UNARY = [f.__name__ for f in intervals.UNARY]


@pytest.mark.parametrize("name", UNARY)
def test_balls_hold_the_values(name):
    """The results for uncertain inputs contain the values for all inputs in their intervals."""
    random = np.random.default_rng(3)
    x = np.concatenate([random.normal(size=200) * 3, random.uniform(-30, 8, 200)])
    x = abs(x) if name == "sqrt" else x
    radius = abs(x) * 10.0 ** random.uniform(-17, -3, x.size)
    ball = intervals.WORDS[name](intervals.Balls(x, radius))
    for middle, around, value, off in zip(x, radius, ball.middle, ball.radius, strict=True):
        for end in (-1, 0, 1):
            want = WORDS[name](arb(float(middle)) + end * arb(float(around)))
            assert abs(want - arb(float(value))) <= float(off), (middle, around)
            assert off <= 1e-12 * abs(value) + 10 * around * (1 + abs(value)) + 1e-300


@pytest.mark.parametrize("operation", OPERATIONS)
def test_arithmetic_of_balls_holds_the_values(operation):
    random = np.random.default_rng(4)
    a, b = random.normal(size=(2, 300))
    radii = abs(random.normal(size=(2, 300))) * 1e-8
    arguments = {"a": intervals.Balls(a, radii[0]), "b": intervals.Balls(b, radii[1])}
    found = eval(operation, intervals.WORDS | arguments)
    for i in range(300):
        for s, t in [(-1, -1), (-1, 1), (1, -1), (1, 1), (0, 0)]:
            ends = {
                "a": arb(a[i].item()) + s * arb(radii[0, i].item()),
                "b": arb(b[i].item()) + t * arb(radii[1, i].item()),
            }
            error = abs(eval(operation, WORDS | ends) - arb(found.middle[i].item()))
            assert error <= found.radius[i].item()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_units_of_what_rounds_to_zero(dtype):
    """gelu(-60) is too small for all dtypes, and the smallest number is one unit away from it."""
    found = reference("gelu", dtype, [np.array([-60.0, -60.0], dtype)])
    info = finfo(dtype)
    assert (found.exponent == int(info.minexp) - int(info.nmant)).all()
    assert (found.middle == 0).all()
    assert np.signbit(found.middle).all()
    smallest = -np.array([0, 1], dtype) * info.smallest_subnormal
    np.testing.assert_allclose(error_ulp(smallest.astype(dtype), found), [0, 1], atol=1e-9)
