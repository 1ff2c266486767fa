"""Large weights and few rows, whose products are computed in column-major order. All numbers are
integers so small that every sum is exact in any order: the references are exact."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from gelu_fast.nn import FeedForward, GatedFeedForward, Linear
from gelu_fast.nn._products import COPIED_ROWS, FEW_ROWS, LARGE

SIZE = 513  # odd, so that a sum of so many signs is not 0, where relu has a kink
ROWS = [0, 1, 2, 3, 17, *(few[-1] + k for few in (COPIED_ROWS, FEW_ROWS) for k in (0, 1))]
each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["f32", "f64"])


def signs(seed, *shape):
    return np.random.default_rng(seed).choice([-1.0, 1.0], shape)


def exact(array, dtype):
    """The integers, which are float64, in the dtype."""
    assert np.abs(array).max(initial=0) < 2**24
    return array.astype(dtype)


def linear(x, dy, weight, bias):
    return {"y": x @ weight.T + bias, "dx": dy @ weight, "weight": dy.T @ x, "bias": dy.sum(0)}


def feed_forward(x, dy, w1, b1, w2, b2):
    hidden = x @ w1.T + b1
    active, dhidden = np.maximum(hidden, 0), dy @ w2 * (hidden > 0)
    return {
        "y": active @ w2.T + b2,
        "dx": dhidden @ w1,
        "w1": dhidden.T @ x,
        "b1": dhidden.sum(0),
        "w2": dy.T @ active,
        "b2": dy.sum(0),
    }


def gated(x, dy, w_gate, w_up, w_down, b_gate, b_up, b_down):
    gate, up, dactive = x @ w_gate.T + b_gate, x @ w_up.T + b_up, dy @ w_down
    opened = np.maximum(gate, 0)
    active, dgate, dup = opened * up, dactive * up * (gate > 0), dactive * opened
    return {
        "y": active @ w_down.T + b_down,
        "dx": dgate @ w_gate + dup @ w_up,
        "w_gate": dgate.T @ x,
        "w_up": dup.T @ x,
        "w_down": dy.T @ active,
        "b_gate": dgate.sum(0),
        "b_up": dup.sum(0),
        "b_down": dy.sum(0),
    }


FORMULAS = {
    "Linear": (Linear, linear, {}),
    "FeedForward": (FeedForward, feed_forward, {"activation": "relu"}),
    "GatedFeedForward": (GatedFeedForward, gated, {"activation": "relu"}),
}
each_block = pytest.mark.parametrize("name", FORMULAS)


def made(name, dtype, order="C"):
    """(block, its formula with the same parameters as integers)"""
    cls, formula, options = FORMULAS[name]
    integers = {
        # Biases are even: a hidden feature stays odd.
        parameter: signs(seed, SIZE, SIZE) if len(axes) == 2 else 2 * signs(seed, SIZE)
        for seed, (parameter, axes) in enumerate(cls.AXES.items())
    }
    arrays = {n: np.asarray(exact(a, dtype), order=order) for n, a in integers.items()}
    return cls(**arrays, **options), lambda x, dy: formula(x, dy, **integers)


def uses_columns(block):
    """Whether the last product was in column-major order."""
    return "product" in block._memory._buffers


@each_block
@each_dtype
@pytest.mark.parametrize("rows", ROWS)
def test_values(name, dtype, rows):
    block, formula = made(name, dtype)
    x, dy = signs(20, rows, SIZE), signs(21, rows, SIZE)
    expected = {key: exact(value, dtype) for key, value in formula(x, dy).items()}
    given = exact(x, dtype)
    strided = np.empty((SIZE, rows), dtype).T
    for y in (
        block.forward(given, inference=True),
        block.forward(given, strided),
        block.forward(given),
    ):
        assert np.array_equal(y, expected["y"])
    dx, gradients = block.backward(exact(dy, dtype))
    for key, found in {"dx": dx, **gradients}.items():
        assert np.array_equal(found, expected[key]), key
    assert uses_columns(block) == (rows in COPIED_ROWS and dtype == np.float32)


@each_dtype
@pytest.mark.parametrize("rows", ROWS)
def test_order_of_the_hidden_layer(dtype, rows):
    block, _ = made("FeedForward", dtype)
    hidden = block._buffer("hidden", np.empty((rows, SIZE)), "hidden_features")
    assert hidden.shape == (rows, SIZE)
    if rows > 1:
        assert hidden.flags.f_contiguous == (rows in FEW_ROWS and dtype == np.float32)


@each_block
@pytest.mark.parametrize("order", ["C", "F"])
def test_layout_of_weights(name, order):
    block, formula = made(name, np.float32, order)
    x = signs(20, 5, SIZE)
    y = block.forward(exact(x, np.float32))
    assert np.array_equal(y, exact(formula(x, x)["y"], np.float32))
    assert uses_columns(block) == (order == "C")


def test_small_weights():
    features = LARGE // 8 - 1
    block = Linear(np.ones((features, 8), np.float32))
    y = block.forward(np.ones((2, 8), np.float32))
    assert np.array_equal(y, np.full((2, features), 8))
    assert not uses_columns(block)


@each_block
def test_threads_share_a_block(name):
    """Each thread has its own buffer, whatever the number of rows."""
    block, formula = made(name, np.float32)
    rows = (2, 3, 30, 256, 257)
    xs = [signs(30 + n, n, SIZE) for n in rows]
    expected = [exact(formula(x, x)["y"], np.float32) for x in xs]
    barrier = threading.Barrier(len(rows), timeout=60)

    def work(x, y):
        given = exact(x, np.float32)
        barrier.wait()
        return all(np.array_equal(block.forward(given), y) for _ in range(20))

    with ThreadPoolExecutor(len(rows)) as pool:
        assert all(pool.map(work, xs, expected))
