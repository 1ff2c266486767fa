"""Results and gradients of the blocks agree with their formulas within the bounds of a rounding
analysis, and the gradients agree with finite differences of the results."""

import numpy as np
import pytest
from support.blocks import ACTIVATIONS, IN, OURS, OUT, feed_forward, gated, linear, numbers
from support.rounding import Bounded, apply

ROWS = 5
each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["f32", "f64"])
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def take_apart(step):
    """Makes a step of a block use separate functions instead of the fused ones."""
    step._fused = step._fused_backward = None


PATHS = {"fused": lambda step: None, "unfused": take_apart}
each_path = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
each_biases = pytest.mark.parametrize("biases", [True, False], ids=["biases", "no-biases"])


def check(block, formula):
    """Compares y, dx and every gradient with the values of the formula."""
    x, dy = inputs(block)
    y = block.forward(x)
    dx, gradients = block.backward(dy)
    assert list(gradients) == list(block.parameters)
    got = {"y": y, "dx": dx, **gradients}
    expected = evaluate(formula, block, x, dy)
    assert set(got) == set(expected)
    for name, bounded in expected.items():
        assert bounded.holds(got[name]), name


def inputs(block):
    return numbers(10, ROWS, IN, dtype=block.dtype), numbers(11, ROWS, OUT, dtype=block.dtype)


def evaluate(formula, block, x, dy):
    parameters = {name: Bounded.exact(array) for name, array in block.parameters.items()}
    return formula(Bounded.exact(x), Bounded.exact(dy), **parameters)


def linear_formula(x, dy, weight, bias):
    return {
        "y": x @ weight.T + bias,
        "dx": dy @ weight,
        "weight": dy.T @ x,
        "bias": dy.T.sums()[:, 0],
    }


def feed_forward_formula(activation):
    def formula(x, dy, w1, w2, b1=None, b2=None):
        hidden = x @ w1.T + b1 if b1 else x @ w1.T
        active = apply(activation, hidden)
        dhidden = apply(f"{activation}_backward", dy @ w2, hidden)
        expected = {
            "y": active @ w2.T + b2 if b2 else active @ w2.T,
            "dx": dhidden @ w1,
            "w1": dhidden.T @ x,
            "w2": dy.T @ active,
        }
        return expected | ({"b1": dhidden.T.sums()[:, 0], "b2": dy.T.sums()[:, 0]} if b1 else {})

    return formula


def gated_formula(activation):
    def formula(x, dy, w_gate, w_up, w_down, b_gate=None, b_up=None, b_down=None):
        gate = x @ w_gate.T + b_gate if b_gate else x @ w_gate.T
        up = x @ w_up.T + b_up if b_up else x @ w_up.T
        dactive = dy @ w_down
        opened = apply(activation, gate)
        active = opened * up
        dgate, dup = apply(f"{activation}_backward", dactive * up, gate), dactive * opened
        expected = {
            "y": active @ w_down.T + b_down if b_down else active @ w_down.T,
            "dx": dgate @ w_gate + dup @ w_up,
            "w_gate": dgate.T @ x,
            "w_up": dup.T @ x,
            "w_down": dy.T @ active,
        }
        sums = {"b_gate": dgate, "b_up": dup, "b_down": dy} if b_gate else {}
        return expected | {name: each.T.sums()[:, 0] for name, each in sums.items()}

    return formula


@each_dtype
def test_linear(dtype):
    check(linear(dtype), linear_formula)


@each_dtype
@each_biases
@each_activation
@each_path
def test_feed_forward(path, activation, biases, dtype):
    block = feed_forward(dtype, activation, biases)
    path(block._activation)
    check(block, feed_forward_formula(activation))


@each_dtype
@each_biases
@each_activation
@each_path
def test_gated(path, activation, biases, dtype):
    block = gated(dtype, activation, biases)
    path(block._gate)
    check(block, gated_formula(activation))


@each_dtype
@pytest.mark.parametrize("activation", [x for x in ACTIVATIONS if f"bias_{x}" in OURS])
def test_bias_is_fused(activation, dtype):
    """A block uses the fused function if there is one, and its bits are the same."""
    fused, unfused = feed_forward(dtype, activation), feed_forward(dtype, activation)
    assert fused._activation._fused is OURS[f"bias_{activation}"]
    take_apart(unfused._activation)
    x, dy = inputs(fused)
    assert np.array_equal(fused.forward(x), unfused.forward(x))
    for got, expected in zip(fused.backward(dy), unfused.backward(dy), strict=True):
        np.testing.assert_equal(got, expected)


GATES = {
    "gelu": "geglu",
    "gelu_tanh": "geglu_tanh",
    "gelu_quick": "geglu_quick",
    "relu": "reglu",
    "sigmoid": "glu",
    "silu": "swiglu",
}


@each_activation
def test_gate_is_fused(activation):
    assert gated(activation=activation)._gate._fused is OURS.get(GATES.get(activation))


# ---- Finite differences

# A central difference D(h) has the errors c h^2 and rounding / h, which balance if h is about the
# cube root of the unit roundoff. (4 D(h/2) - D(h)) / 3 has no term in h^2, and its terms
# in h^4 are less than (D(h) - D(h/2)) / 3. It contains two roundings of the loss with the factor
# 4/3 / h and two with the factor 1/3 / (2 h): together at most 3 / h times a rounding.
STEP = 2.0**-14


def check_differences(block, formula):
    x, dy = inputs(block)

    def loss():
        return np.sum(dy * block.forward(x, inference=True))

    block.forward(x)
    dx, gradients = block.backward(dy)
    y = evaluate(formula, block, x, dy)["y"]
    # Twice the error of y here exceeds the error of y one step away.
    rounding = np.sum(2 * np.abs(dy) * y.error) + dy.size * y.unit * np.sum(np.abs(dy * y.value))
    for name, array in {"x": x, **block.parameters}.items():
        gradient = dx if name == "x" else gradients[name]
        for index in np.ndindex(array.shape):
            coarse, fine = (difference(loss, array, index, h) for h in (STEP, STEP / 2))
            allowed = abs(coarse - fine) / 3 + 3 * rounding / STEP
            assert abs((4 * fine - coarse) / 3 - gradient[index]) <= allowed, (name, index)
            assert allowed < 1e-6


def difference(loss, array, index, step):
    """Returns the central difference with respect to one element; the steps are exact."""
    before = array[index]
    losses = []
    for there in (before + step, before - step):
        array[index] = there
        losses.append(loss())
    array[index] = before
    return (losses[0] - losses[1]) / (2 * step)


def test_gradients_of_linear():
    check_differences(linear(), linear_formula)


@each_biases
@each_activation
def test_gradients_of_feed_forward(activation, biases):
    block = feed_forward(activation=activation, biases=biases)
    check_differences(block, feed_forward_formula(activation))


@each_biases
@each_activation
def test_gradients_of_gated(activation, biases):
    block = gated(activation=activation, biases=biases)
    check_differences(block, gated_formula(activation))


@pytest.mark.parametrize("name", ["b_gate", "b_up", "b_down"])
def test_one_bias_of_gated(name):
    """Each bias is optional, and a missing one is 0."""
    biases = dict.fromkeys(["b_gate", "b_up", "b_down"])
    block = gated(biases=True)
    arrays = block.parameters
    zeros = {other: np.zeros_like(arrays[other]) for other in biases if other != name}
    one = type(block)(**arrays | biases | {name: arrays[name]}, activation="gelu")
    x, dy = inputs(block)
    assert list(one.parameters) == ["w_gate", "w_up", "w_down", name]
    same = type(block)(**arrays | zeros, activation="gelu")
    assert np.array_equal(one.forward(x), same.forward(x))
    got, wanted = one.backward(dy)[1], same.backward(dy)[1]
    assert all(np.array_equal(got[each], wanted[each]) for each in got)
    alone = gated()
    assert not np.array_equal(one.forward(x), alone.forward(x))
