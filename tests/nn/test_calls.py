"""Calls of blocks: shapes, out, buffers, threads, copies, and unchanged inputs."""

import copy
import pickle
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support.blocks import ACTIVATIONS, IN, MAKERS, OUT, feed_forward, gated, numbers

from gelu_fast.nn import FeedForward, GatedFeedForward, Linear

each_block = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def same(found, expected):
    """Compares the results of two calls of backward."""
    assert np.array_equal(found[0], expected[0])
    assert found[1].keys() == expected[1].keys()
    assert all(np.array_equal(found[1][name], expected[1][name]) for name in expected[1])


@each_block
@pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3), (0,), (2, 0, 3)], ids=str)
def test_shapes(make, shape):
    """The number of axes in front of the rows does not matter."""
    block = make()
    x, dy = numbers(20, *shape, IN), numbers(21, *shape, OUT)
    y = block.forward(x)
    assert y.shape == dy.shape
    dx, gradients = block.backward(dy)
    assert dx.shape == x.shape
    rows = make()
    assert np.array_equal(rows.forward(x.reshape(-1, IN)), y.reshape(-1, OUT))
    same(rows.backward(dy.reshape(-1, OUT)), (dx.reshape(-1, IN), gradients))


@each_block
def test_lists(make):
    x = numbers(20, 2, IN)
    assert np.array_equal(make().forward(x.tolist()), make().forward(x))


@each_block
@pytest.mark.parametrize("inference", [True, False])
def test_inputs_stay_as_they_are(make, inference):
    block = make()
    x, dy = numbers(20, 5, IN), numbers(21, 5, OUT)
    arrays = [x, dy, *block.parameters.values()]
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    block.forward(x, inference=inference)
    if not inference:
        block.backward(dy)
    assert all(np.array_equal(*pair) for pair in zip(arrays, before, strict=True))


@each_block
def test_inference_gives_the_same(make):
    x = numbers(20, 5, IN)
    assert np.array_equal(make().forward(x, inference=True), make().forward(x))


@each_block
def test_results_are_the_callers(make):
    """A later call does not change earlier results."""
    block = make()
    y = block.forward(numbers(20, 5, IN))
    found = block.backward(numbers(21, 5, OUT))
    kept = copy.deepcopy((y, *found))
    block.forward(numbers(22, 5, IN))
    block.backward(numbers(23, 5, OUT))
    assert np.array_equal(y, kept[0])
    same(found, kept[1:])


@each_block
def test_backward_twice(make):
    block = make()
    block.forward(numbers(20, 5, IN))
    first = block.backward(numbers(21, 5, OUT))
    block.backward(numbers(22, 5, OUT))
    same(block.backward(numbers(21, 5, OUT)), first)


@each_block
def test_parameters_changed_in_place(make):
    """A block uses its parameters in place, so a change has an effect."""
    block, other = make(), make()
    for name, parameter in block.parameters.items():
        parameter *= 2
        other.parameters[name][:] = parameter
    x = numbers(20, 5, IN)
    assert np.array_equal(block.forward(x), other.forward(x))
    assert not np.array_equal(block.forward(x), make().forward(x))


# ---- out and memory


def layouts(array):
    """Yields writable arrays of the same shape with other strides."""
    yield np.empty_like(array, order="F")
    yield np.empty((*array.shape[:-1], 2 * array.shape[-1]))[..., ::2]
    yield np.empty_like(array)[::-1, ..., ::-1]


@each_block
def test_strides(make):
    """x, dy, out and the gradients can have any strides."""
    x, dy = numbers(20, 3, 2, IN), numbers(21, 3, 2, OUT)
    block, plain = make(), make()
    y = plain.forward(x)
    expected = plain.backward(dy)
    views = zip(*map(layouts, (x, dy, y, x)), strict=True)
    for strided_x, strided_dy, out, dx in views:
        strided_x[:], strided_dy[:] = x, dy
        assert block.forward(strided_x, out) is out
        assert np.array_equal(out, y)
        gradients = {n: np.empty(p.shape[::-1]).T for n, p in block.parameters.items()}
        found = block.backward(strided_dy, (dx, gradients))
        assert found[0] is dx
        assert found[1] is gradients
        same(found, expected)


@each_block
@pytest.mark.parametrize("strided", [False, True])
def test_second_call_allocates_nothing(make, strided):
    rows = 100_000  # far more than the buffer of NumPy's iterator, which has 8192 elements
    block = make()
    x, dy = numbers(20, rows, IN), numbers(21, rows, OUT)
    if strided:
        x, dy = np.asfortranarray(x), np.asfortranarray(dy)

    def peak(call):
        tracemalloc.start()
        try:
            call()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    y = block.forward(x)
    assert peak(lambda: make().forward(x)) > y.nbytes  # the measure detects allocations
    gradients = block.backward(dy)
    for inference in (True, False):
        assert peak(lambda: block.forward(x, y, inference=inference)) < y.nbytes / 10  # noqa: B023
    assert peak(lambda: block.backward(dy, gradients)) < y.nbytes / 10
    assert peak(lambda: block.forward(x[:100], y[:100])) < y.nbytes / 10
    assert peak(lambda: block.forward(x, y)) < y.nbytes / 10


@each_block
def test_out_must_not_overlap(make):
    memory = np.zeros(100)
    x = memory[: 3 * IN].reshape(3, IN)
    block = make()
    with pytest.raises(ValueError, match="out must not share memory with x"):
        block.forward(x, memory[5 : 5 + 3 * OUT].reshape(3, OUT))
    *_, (name, parameter) = block.parameters.items()
    with pytest.raises(ValueError, match=f"out must not share memory with {name}"):
        block.forward(np.zeros((1, IN)), parameter.reshape(-1)[:OUT].reshape(1, OUT))
    # A view may lie in the gaps of another view.
    memory = np.zeros((10, 10))
    x, y = memory[:, :IN], memory[:, IN : IN + OUT]
    assert block.forward(x, y) is y


@each_block
def test_gradients_must_not_overlap(make):
    block = make()
    x, dy = numbers(20, 9, IN), numbers(21, 9, OUT)
    block.forward(x)
    dx, gradients = block.backward(dy)
    name = next(iter(gradients))
    with pytest.raises(ValueError, match="out: dx must not share memory with x"):
        block.backward(dy, (x, gradients))
    with pytest.raises(ValueError, match=f"out: {name} must not share memory with {name}"):
        block.backward(dy, (dx, gradients | {name: block.parameters[name]}))
    within_dx = dx.reshape(-1)[: gradients[name].size].reshape(gradients[name].shape)
    with pytest.raises(ValueError, match=f"out: {name} must not share memory with out: dx"):
        block.backward(dy, (dx, gradients | {name: within_dx}))


# ---- Threads and copies


def through_pickle(block):
    return pickle.loads(pickle.dumps(block))


def test_threads_share_a_block():
    """Each thread gets the gradients of its own forward call. The products are exact, because they
    are integers times ones."""
    w1 = np.arange(-14.0, 14.0).reshape(7, IN)
    block = FeedForward(w1, np.ones(7), np.eye(OUT, 7), np.zeros(OUT))
    rng = np.random.default_rng(1)
    xs = [rng.integers(-3, 4, (rows, IN)) / 16 for rows in (1, 50, 100, 200)]
    expected = [(block.forward(x), block.backward(np.ones((len(x), OUT)))[0]) for x in xs]
    barrier = threading.Barrier(len(xs), timeout=60)

    def work(x, y, dx):
        try:
            for _ in range(30):
                got = block.forward(x)
                barrier.wait()  # all forward calls come before all backward calls
                assert np.array_equal(got, y)
                assert np.array_equal(block.backward(np.ones((len(x), OUT)))[0], dx)
        except Exception:
            barrier.abort()  # otherwise the other threads would wait for this one
            raise

    with ThreadPoolExecutor(len(xs)) as pool:
        jobs = [pool.submit(work, x, *each) for x, each in zip(xs, expected, strict=True)]
    for job in jobs:
        job.result()


@each_block
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, through_pickle])
def test_copies(make, copied):
    """A copy computes the same in buffers of its own. It cannot run backward after the forward call
    of the original, and it does not disturb the original."""
    block = make()
    x, dy = numbers(20, 5, IN), numbers(21, 5, OUT)
    y = block.forward(x)
    other = copied(block)
    with pytest.raises(RuntimeError, match="needs a forward"):
        other.backward(dy)
    assert np.array_equal(other.forward(x), y)
    other.forward(2 * x)
    expected = make()
    expected.forward(x)
    same(block.backward(dy), expected.backward(dy))


def test_repr():
    assert repr(feed_forward(np.float32)) == (
        "<FeedForward: hidden_features=7, in_features=4, out_features=3, dtype=float32>"
    )


# ---- Refused


@each_block
def test_backward_without_forward(make):
    block = make()
    x, dy = numbers(20, 5, IN), numbers(21, 5, OUT)
    with pytest.raises(RuntimeError, match="backward needs a forward before it"):
        block.backward(dy)
    block.forward(x)
    block.forward(x, inference=True)
    with pytest.raises(RuntimeError, match="without inference=True"):
        block.backward(dy)


@each_block
@pytest.mark.parametrize("dtype", [np.float16, np.int64, np.longdouble, ">f8", object])
def test_dtype_of_parameters(make, dtype):
    wrong = np.dtype(dtype)
    arrays = {name: array.astype(wrong) for name, array in make().parameters.items()}
    first = next(iter(arrays))
    with pytest.raises(
        TypeError, match=f"{first} must be of dtype float32 or float64; got {wrong}"
    ):
        type(make())(**arrays)


@each_block
def test_mixed_dtypes(make):
    block = make()
    first, *others = block.parameters
    for name in others:
        arrays = block.parameters | {name: block.parameters[name].astype(np.float32)}
        message = f"{name} must be of dtype float64, as {first} is; got float32"
        with pytest.raises(TypeError, match=message):
            type(block)(**arrays)
    with pytest.raises(TypeError, match=f"x must be of dtype float64, as {first} is; got float32"):
        block.forward(numbers(20, 5, IN, dtype=np.float32))
    with pytest.raises(TypeError, match="x must be of dtype float32 or float64; got int64"):
        block.forward(np.ones(IN, np.int64))
    with pytest.raises(TypeError, match="x must be an array of float32 or float64: "):
        block.forward([[1.0], [1.0, 2.0]])


@pytest.mark.parametrize(
    ("make", "changed", "message"),
    [
        ("Linear", {"weight": np.ones(4)}, r"weight must have shape \(out_features, in_features\)"),
        ("Linear", {"bias": np.ones(5)}, r"bias .* with out_features 3, as weight has; got \(5,\)"),
        ("FeedForward", {"b1": np.ones(3)}, r"b1 .* with hidden_features 7, as w1 has; got \(3,\)"),
        (
            "FeedForward",
            {"b2": np.ones((3, 1))},
            r"b2 must have shape \(out_features,\); got \(3, 1",
        ),
        ("FeedForward", {"w2": np.ones((7, 3))}, r"w2 .* with hidden_features 7, as w1 has"),
        ("GatedFeedForward", {"w_up": np.ones((6, 4))}, r"w_up .* 7, as w_gate has; got \(6, 4\)"),
        ("GatedFeedForward", {"w_down": np.ones((3, 4))}, "w_down .* 7, as w_gate has"),
    ],
)
def test_shapes_of_parameters(make, changed, message):
    block = MAKERS[make]()
    with pytest.raises(ValueError, match=message):
        type(block)(**block.parameters | changed)


@each_block
def test_shapes_of_arguments(make):
    block = make()
    x = numbers(20, 5, IN)
    for wrong in (np.ones(IN + 1), np.ones((IN, 5)), np.float64(1)):
        with pytest.raises(ValueError, match=r"x must have shape \(\.\.\., 4\); got"):
            block.forward(wrong)
    with pytest.raises(ValueError, match=r"out must have shape \(5, 3\); got \(3, 5\)"):
        block.forward(x, np.ones((OUT, 5)))
    block.forward(x)
    with pytest.raises(
        ValueError, match=r"dy must have shape \(5, 3\), as forward's result has; got"
    ):
        block.backward(np.ones(OUT))


@each_block
def test_wrong_out(make):
    block = make()
    x, dy = numbers(20, 5, IN), numbers(21, 5, OUT)
    with pytest.raises(TypeError, match="out must be an array; got list"):
        block.forward(x, [0.0])
    with pytest.raises(TypeError, match="out must be of dtype float64, as x is; got float32"):
        block.forward(x, np.empty((5, OUT), np.float32))
    out = np.empty((5, OUT))
    out.flags.writeable = False
    with pytest.raises(ValueError, match="out must be writable"):
        block.forward(x, out)
    block.forward(x)
    dx, gradients = block.backward(dy)
    with pytest.raises(TypeError, match=r"out must be \(dx, gradients\), .*; got"):
        block.backward(dy, dx)
    with pytest.raises(ValueError, match="out: the gradients must have the names"):
        block.backward(dy, (dx, {}))
    name = next(iter(gradients))
    with pytest.raises(ValueError, match=f"out: {name} must have shape"):
        block.backward(dy, (dx, gradients | {name: np.empty(1)}))


@pytest.mark.parametrize("cls", [FeedForward, GatedFeedForward])
def test_unknown_activation(cls):
    arrays = (feed_forward if cls is FeedForward else gated)().parameters
    for unknown in ("gelo", "erf", "gelu_backward", ""):
        with pytest.raises(ValueError, match="activation must be one of gelu, ") as caught:
            cls(**arrays, activation=unknown)
        assert all(name in str(caught.value) for name in ACTIVATIONS)
    for wrong in (None, 3, ("leaky_relu", "0.01"), (), ["gelu"]):
        with pytest.raises(
            TypeError, match=r"activation must be a name or \(name, numbers...\); got"
        ):
            cls(**arrays, activation=wrong)
    with pytest.raises(
        ValueError, match="activation with 2 further inputs must be one of none; got"
    ):
        cls(**arrays, activation=("gelu", 1, 2.0))


def test_bias_may_be_none():
    assert list(Linear(np.ones((2, 2))).parameters) == ["weight"]
    with pytest.raises(TypeError, match="weight must be of dtype float32 or float64; got object"):
        Linear(None)
