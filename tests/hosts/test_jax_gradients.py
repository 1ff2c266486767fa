"""Derivatives of gelu_fast.jax: the bits of the table's, and differences of all functions."""

from functools import partial

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs
from support.table import DTYPES, NAMES, ROW

import gelu_fast

jax = pytest.importorskip("jax", reason="jax is not installed")

import jax.numpy as jnp  # noqa: E402
from jax.test_util import check_grads  # noqa: E402

import gelu_fast.jax as gf  # noqa: E402
from gelu_fast._core.table import row_of  # noqa: E402

HAVE_BACKWARD = sorted(name for name in NAMES if f"{name}_backward" in NAMES)
GATES = [name for name in HAVE_BACKWARD if row_of(f"{name}_backward").nout == 2]
UNARY = [name for name in HAVE_BACKWARD if row_of(name).nin == 1]
BIASED = [name for name in HAVE_BACKWARD if name.startswith("bias_")]
# Every function in float32, and one of each kind in the other dtypes.
CASES = [(name, "float32") for name in HAVE_BACKWARD]
CASES += [
    (name, dtype)
    for name in ("gelu", "swiglu", "bias_gelu", "swish")
    for dtype in DTYPES
    if dtype != "float32"
]


@pytest.fixture(autouse=True)
def x64():
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


def as_tuple(results):
    return results if isinstance(results, tuple) else (results,)


def ufunc(name, *operands):
    with np.errstate(all="ignore"):
        return as_tuple(getattr(gelu_fast, name)(*operands))


def assert_all_same_bits(got, wanted):
    for a, b in zip(got, wanted, strict=True):
        assert_same_bits(a, b)


@pytest.mark.parametrize(("name", "dtype"), CASES)
def test_reverse_mode(name, dtype):
    """Reverse mode calls the fused backward function: one call for all inputs."""
    dy, *operands = inputs(ROW[f"{name}_backward", dtype], 300)
    if len(operands) == 2 and name not in GATES + BIASED:
        function, points = lambda x: getattr(gf, name)(x, operands[1]), operands[:1]
    else:
        function, points = getattr(gf, name), operands
    _, pull = jax.vjp(function, *points)
    wanted = ufunc(f"{name}_backward", dy, *operands)
    assert_all_same_bits(pull(dy), wanted * 2 if name in BIASED else wanted)
    program = jax.jit(lambda dy, *points: jax.vjp(function, *points)[1](dy))
    assert program.lower(dy, *points).compile().as_text().count('"gelu_fast"') == 1
    assert_all_same_bits(program(dy, *points), wanted * 2 if name in BIASED else wanted)


@pytest.mark.parametrize(("name", "dtype"), [case for case in CASES if case[0] in UNARY])
def test_forward_mode(name, dtype):
    dy, x = inputs(ROW[f"{name}_backward", dtype], 300)
    value, tangent = jax.jvp(getattr(gf, name), (x,), (dy,))
    assert_all_same_bits([value], ufunc(name, x))
    assert_all_same_bits([tangent], ufunc(f"{name}_backward", dy, x))


@pytest.mark.parametrize("name", GATES)
def test_forward_mode_of_gates(name):
    gate, up, along, other = np.random.default_rng(0).normal(size=(4, 50))
    function = getattr(gf, name)
    dgate, dup = ufunc(f"{name}_backward", np.ones(50), gate, up)
    _, both = jax.jvp(function, (gate, up), (along, other))
    _, one = jax.jvp(lambda gate: function(gate, up), (gate,), (along,))
    np.testing.assert_allclose(both, along * dgate + other * dup, rtol=1e-14, atol=1e-14)
    assert_same_bits(one, along * dgate + 0.0)


@pytest.mark.parametrize("way", ["grad of grad", "forward over reverse", "hessian"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_second_derivative_of_gelu(way, dtype):
    [x] = inputs(ROW["gelu_grad2", dtype], 60)
    x = x[np.isfinite(x)]
    if way == "grad of grad":
        got = jax.vmap(jax.grad(jax.grad(gf.gelu)))(x)
    elif way == "forward over reverse":
        gradient = jax.grad(lambda x: gf.gelu(x).sum())
        got = jax.jvp(gradient, (x,), (np.ones_like(x),))[1]
    else:
        got = jnp.diagonal(jax.hessian(lambda x: gf.gelu(x).sum())(x))
    with np.errstate(all="ignore"):
        wanted = gelu_fast.gelu_grad2(x)
    wanted[np.abs(wanted) < np.finfo(dtype).tiny] *= 0  # XLA's products have no subnormal numbers
    np.testing.assert_array_equal(got, wanted)
    if way != "hessian":  # which adds zeros
        assert_same_bits(got, wanted)


POINTS = np.array([-2.3, -0.7, 0.4, 1.9])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NAMES))
def test_differences(name):
    """Derivatives in both modes, for all inputs, against differences in float64; of some functions
    also of the second order. Functions whose derivative the table lacks are differentiated by
    JAX."""
    nin = row_of(name).nin
    order = 2 if name in ("silu", "mish", "log_ndtr", "geglu", "bias_gelu") else 1
    operands = [np.roll(POINTS, i) * (1 + i / 4) for i in range(nin)]
    check_grads(getattr(gf, name), operands, order, modes=["fwd", "rev"], rtol=1e-4, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gelu", "silu", "swiglu"])
def test_third_derivatives(name):
    function = getattr(gf, name)
    second = jax.grad(jax.grad(lambda x: function(*[x] * row_of(name).nin)))
    check_grads(jax.jit(second), [0.7], order=1, modes=["fwd", "rev"], rtol=1e-4)


def test_a_kink():
    """Where the table has no derivative, JAX takes the table's value at a kink."""
    derivative = jax.grad(gf.relu_squared_grad)
    assert [float(derivative(x)) for x in (-1.0, 0.0, 1.0)] == [0, 0, 2]
    assert jax.grad(gf.leaky_relu, 1)(0.0, 0.1) == 0


@pytest.mark.parametrize("dtype", DTYPES)
def test_beta_of_swish(dtype):
    """The derivative in beta is finite in the tails, and computed in float32 or wider."""
    x = np.array([-1e4, -200, -3, -0.5, 0, 0.5, 3, 200, 1e4], dtype)
    beta = np.array(1.5, dtype)
    got = jax.vmap(jax.grad(gf.swish, 1), (0, None))(x, beta)
    wanted = x.astype(np.float64) ** 2 * gelu_fast.sigmoid_grad(1.5 * x.astype(np.float64))
    assert got.dtype == x.dtype
    error = 4 * np.finfo(np.float64 if dtype == "float64" else np.float32).eps
    if dtype in ("float16", "bfloat16"):
        error = {"float16": 2.0**-10, "bfloat16": 2.0**-7}[dtype]
    np.testing.assert_allclose(np.asarray(got, np.float64), wanted, rtol=8 * error, atol=1e-7)


# ---- Broadcasting


@pytest.mark.parametrize("name", [*GATES, *BIASED, "swish"])
@pytest.mark.parametrize(
    "shapes", [[(3, 4), (4,)], [(3, 1), (1, 4)], [(2, 3, 4), (3, 1)], [(), (5,)]], ids=str
)
def test_gradients_of_broadcast_operands(name, shapes):
    """They are summed over the axes along which an operand is repeated."""
    rng = np.random.default_rng(0)
    operands = [rng.normal(size=shape) for shape in shapes]
    whole = np.broadcast_arrays(*operands)
    dy = rng.normal(size=whole[0].shape)
    for order in (1, -1):
        pull = jax.vjp(getattr(gf, name), *operands[::order])[1]
        pull_whole = jax.vjp(getattr(gf, name), *whole[::order])[1]
        for got, many, x in zip(pull(dy), pull_whole(dy), operands[::order], strict=True):
            assert got.shape == x.shape
            [wanted] = jax.linear_transpose(partial(jnp.broadcast_to, shape=dy.shape), x)(many)
            np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)
            assert got.dtype == x.dtype


def test_gradients_under_vmap():
    rng = np.random.default_rng(0)
    gate, up, dy = rng.normal(size=(3, 4, 5))

    def pull(dy, gate, up):
        return jax.vjp(gf.swiglu, gate, up)[1](dy)

    wanted = ufunc("swiglu_backward", dy, gate, up)
    assert_all_same_bits(jax.vmap(pull)(dy, gate, up), wanted)
    assert_all_same_bits(pull(dy, gate, up), wanted)
    mapped = jax.vjp(jax.vmap(gf.swiglu, (1, 1), 1), gate, up)[1](dy)
    assert_all_same_bits(mapped, wanted)
    linear = jax.linearize(gf.swiglu, gate, up)[1]
    tangents = jax.vmap(linear)(np.stack([gate, dy]), np.stack([up, dy]))
    for got, pair in zip(tangents, [(gate, up), (dy, dy)], strict=True):
        assert_same_bits(got, linear(*pair))


def test_gradients_in_loops():
    x = np.random.default_rng(0).normal(size=5)

    def plain(x):
        for _ in range(3):
            x = gf.gelu(x)
        return x.sum()

    def scanned(x):
        return jax.lax.scan(lambda x, _: (gf.gelu(x), None), x, None, length=3)[0].sum()

    for function in (scanned, jax.checkpoint(plain)):
        np.testing.assert_allclose(jax.grad(function)(x), jax.grad(plain)(x), rtol=1e-14)


def test_forward_functions_are_not_linear():
    with pytest.raises(NotImplementedError, match="gelu is not linear in this input"):
        jax.linear_transpose(gf.gelu, np.ones(3))(np.ones(3))
