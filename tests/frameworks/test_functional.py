"""`gelu_fast.functional` computes PyTorch's functions with its arguments and defaults. The tests
compare it with formulas in float64, and with PyTorch itself if it is installed."""

import inspect
import math
from fractions import Fraction

import numpy as np
import pytest
from support.bits import assert_same_bits
from support.table import DTYPES

import gelu_fast.functional as F
from gelu_fast._core.dtypes import finfo

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805  # Klambauer et al., 2017
SQRT_2_OVER_PI = math.sqrt(2 / math.pi)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def Phi(x):
    return np.array([math.erfc(-t / math.sqrt(2)) / 2 for t in x.flat]).reshape(x.shape)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def softplus(x, beta=1.0, threshold=20.0):
    return np.where(beta * x > threshold, x, np.logaddexp(0, beta * x) / beta)


@np.errstate(over="ignore")
def gelu(x, approximate="none"):
    if approximate == "none":
        return x * Phi(x)
    return x / (1 + np.exp(-2 * SQRT_2_OVER_PI * (x + 0.044715 * x**3)))


def glu(x, dim=-1):
    a, b = np.split(x, 2, dim)
    return a * sigmoid(b)


# Formulas in float64, with relative errors of about 1e-15.
FORMULAS = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * np.tanh(np.logaddexp(0, x)),
    "selu": lambda x: SELU_SCALE * elu(x, SELU_ALPHA),
    "hardswish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "hardsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "logsigmoid": lambda x: -np.logaddexp(0, -x),
    "gelu": gelu,
    "elu": elu,
    "celu": lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha)),
    "leaky_relu": lambda x, negative_slope=0.01: np.where(x > 0, x, negative_slope * x),
    "softplus": softplus,
    "hardtanh": lambda x, min_val=-1.0, max_val=1.0: np.clip(x, min_val, max_val),
    "glu": glu,
}
CALLS = [
    *((name, {}) for name in FORMULAS),
    ("gelu", {"approximate": "tanh"}),
    ("leaky_relu", {"negative_slope": 0.2}),
    ("leaky_relu", {"negative_slope": -0.3}),
    ("elu", {"alpha": 0.7}),
    ("celu", {"alpha": 0.3}),
    ("softplus", {"beta": 2.1}),
    ("softplus", {"beta": 0.5, "threshold": 1.25}),
    ("softplus", {"threshold": math.inf}),
    ("hardtanh", {"min_val": -0.7, "max_val": 2}),
    ("glu", {"dim": 0}),
    ("glu", {"dim": -2}),
]
IDS = [f"{name}-{options}" if options else name for name, options in CALLS]
INPLACE = ["celu", "elu", "hardsigmoid", "hardswish", "hardtanh", "leaky_relu", "mish", "relu"]
INPLACE += ["relu6", "selu", "silu"]
calls = pytest.mark.parametrize(("name", "options"), CALLS, ids=IDS)
dtypes = pytest.mark.parametrize("dtype", DTYPES)


def inputs(dtype):
    x = np.random.default_rng(50).normal(0, 4, (6, 10, 50))
    x[0, 0, :8] = 0, -0.0, 1, -1, 40, -40, 19.9, 20.1
    return x.astype(dtype)


def assert_close(got, want, dtype, roundings=1.5):
    """Checks the error relative to want."""
    info, got, want = finfo(dtype), got.astype(np.float64), want.astype(np.float64)
    allowed = roundings * float(info.eps) * np.abs(want) + float(info.smallest_subnormal) + 4e-16
    assert (np.abs(got - want) <= allowed).all()


def test_all_are_tested():
    assert set(FORMULAS) == set(F.__all__)
    has_inplace = [n for n in F.__all__ if "inplace" in inspect.signature(getattr(F, n)).parameters]
    assert has_inplace == INPLACE


@calls
@dtypes
def test_values(dtype, name, options):
    x = inputs(dtype)
    got = getattr(F, name)(x, **options)
    assert got.dtype == dtype
    roundings = 1.5
    if options.get("beta", 1) != 1:  # beta and beta * x are rounded, as in PyTorch
        roundings += np.abs(options["beta"] * x.astype(np.float64))
    assert_close(got, FORMULAS[name](x.astype(np.float64), **options), dtype, roundings)
    positional = getattr(F, name)(x, *options.values()) if name != "softplus" else got
    assert_same_bits(positional, got)
    assert_same_bits(getattr(F, name)(input=x, **options), got)


@calls
@dtypes
def test_pytorch(dtype, name, options):
    """PyTorch has the same function, but its errors are larger, and only small in absolute terms on
    the left."""
    torch = pytest.importorskip("torch", reason="PyTorch (extra bench) is not installed")
    x = inputs(dtype)
    if dtype == "bfloat16":
        tensor = torch.from_numpy(x.view(np.int16)).view(torch.bfloat16)
    else:
        tensor = torch.from_numpy(x)
    want = getattr(torch.nn.functional, name)(tensor, **options)
    got = getattr(F, name)(x, **options).astype(np.float64)
    want = want.to(torch.float64).numpy()
    eps = float(finfo(dtype).eps)
    assert (np.abs(got - want) <= 16 * eps * np.maximum(np.abs(want), 1)).all()


def test_pytorch_signatures():
    torch = pytest.importorskip("torch", reason="PyTorch (extra bench) is not installed")
    for name in F.__all__:
        try:
            want = inspect.signature(getattr(torch.nn.functional, name)).parameters
        except ValueError:  # a function in C++ has no signature
            continue
        ours = inspect.signature(getattr(F, name)).parameters
        found = {n: p.default for n, p in ours.items() if n != "out"}
        assert found == {n: p.default for n, p in want.items()}, name


@calls
@dtypes
def test_out(dtype, name, options):
    x = inputs(dtype)
    want = getattr(F, name)(x, **options)
    out = np.empty_like(want)
    assert getattr(F, name)(x, **options, out=out) is out
    assert_same_bits(out, want)
    with pytest.raises((TypeError, ValueError)):
        getattr(F, name)(x, **options, out=[0.0])
    with pytest.raises(ValueError, match=r"shape|broadcast"):
        getattr(F, name)(x, **options, out=np.empty((7, 3), dtype))


@pytest.mark.parametrize("name", INPLACE)
@dtypes
def test_inplace(dtype, name):
    function, x = getattr(F, name), inputs(dtype)
    want = function(x)
    y = x.copy()
    assert function(y, inplace=True) is y
    assert_same_bits(y, want)
    y = x.copy()
    assert function(y[::2], inplace=True).base is y
    assert_same_bits(y[::2], want[::2])
    assert_same_bits(y[1::2], x[1::2])
    with pytest.raises(TypeError, match="input must be an array with inplace=True; got list"):
        function([1.0], inplace=True)
    with pytest.raises(TypeError):  # the result is not an integer
        function(np.arange(3), inplace=True)
    with pytest.raises(TypeError, match="out must be None with inplace=True"):
        function(y, inplace=True, out=y)
    with pytest.raises(ValueError, match="read-only"):
        function(np.broadcast_to(np.array(1, dtype), 3), inplace=True)


@pytest.mark.parametrize("options", [{"alpha": 0.7}, {"alpha": 0.7, "inplace": True}])
def test_inplace_with_a_parameter(options):
    for function in (F.elu, F.celu):
        x = inputs(np.float32)
        want = function(x, 0.7)
        assert_same_bits(function(x, **options), want)


@calls
def test_other_inputs(name, options):
    function = getattr(F, name)
    pair = function([-2.0, 3.0], **options) if name != "glu" else None
    if pair is not None:
        assert pair.dtype == np.float64
        assert type(function(np.float32(3), **options)) is np.float32
        in_array = function(np.array([3.0], np.float32), **options)
        assert_same_bits(function(np.float32(3), **options), in_array[0])
        assert function(np.zeros((0, 3)), **options).shape == (0, 3)
    integers = np.arange(-4, 4, dtype=np.int16).reshape(2, 4)
    assert_same_bits(function(integers, **options), function(integers.astype("f4"), **options))
    with pytest.raises(TypeError):
        function(integers.astype(complex), **options)
    with pytest.raises(TypeError):
        function(np.array([["a", "b"]] * 2), **options)


LIMITS = {
    "relu": (0.0, np.inf),
    "relu6": (0.0, 6.0),
    "silu": (-0.0, np.inf),
    "mish": (-0.0, np.inf),
    "selu": (-1.7580993408473769, np.inf),
    "hardswish": (-0.0, np.inf),
    "hardsigmoid": (0.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "logsigmoid": (-np.inf, -0.0),
    "gelu": (-0.0, np.inf),
    "elu": (-1.0, np.inf),
    "celu": (-1.0, np.inf),
    "leaky_relu": (-np.inf, np.inf),
    "softplus": (0.0, np.inf),
    "hardtanh": (-1.0, 1.0),
}


@pytest.mark.parametrize("name", LIMITS)
@dtypes
def test_infinities(dtype, name):
    """Infinities cause no warning, and only NaN gives NaN."""
    got = getattr(F, name)(np.array([-np.inf, np.inf, np.nan], dtype))
    assert_same_bits(got[:2], np.array(LIMITS[name]).astype(dtype))
    assert np.isnan(got[2])


@pytest.mark.parametrize("name", ["elu", "celu", "softplus"])
def test_no_overflow(name):
    """Unused intermediate results do not overflow."""
    x = np.array([-3e38, 3e38], np.float32)
    got = getattr(F, name)(x, 3.0)
    assert got[1] == x[1]
    assert np.isfinite(got).all()


def test_threshold_is_honoured():
    """The threshold works as in PyTorch, even in float64, where it changes the result."""
    x = np.array([20.0, 20.1])
    got = F.softplus(x)
    assert got[0] > x[0]
    assert got[1] == x[1]
    assert F.softplus(x, threshold=30)[1] > x[1]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_parameters_are_not_rounded_to_16_bits(dtype):
    x = np.linspace(-8, 0, 1000).astype(dtype)
    want = (np.float32(0.01) * x.astype(np.float32)).astype(dtype)
    assert_same_bits(F.leaky_relu(x), want)
    assert (want != x * np.array(0.01).astype(dtype)).any()


REFUSED = {
    "approximate": (lambda: F.gelu([1.0], "erf"), ValueError, "'none' or 'tanh'; got 'erf'"),
    "approximate, type": (lambda: F.gelu([1.0], True), TypeError, "a string; got bool"),
    "slope": (lambda: F.leaky_relu([1.0], "a"), TypeError, "negative_slope must be a real number"),
    "slopes": (lambda: F.leaky_relu([1.0], [1.0]), TypeError, "negative_slope must be a real"),
    "alpha": (lambda: F.elu([1.0], 1j), TypeError, "alpha must be a real number; got 1j"),
    "celu": (lambda: F.celu([1.0], 0), ValueError, "alpha must not be zero"),
    "beta": (lambda: F.softplus([1.0], beta=0), ValueError, "beta must not be zero"),
    "threshold": (lambda: F.softplus([1.0], 1, None), TypeError, "threshold must be a real"),
    "limits": (lambda: F.hardtanh([1.0], 2, 1), ValueError, "min_val must not be greater"),
    "alpha, huge": (
        lambda: F.elu([1.0], 10**400),
        ValueError,
        "alpha must be in the range of floa",
    ),
    "celu, huge": (lambda: F.celu([1.0], Fraction(10**400)), ValueError, "alpha must be in the"),
    "slope, huge": (lambda: F.leaky_relu([1.0], 10**400), ValueError, "negative_slope must be in"),
    "limit, huge": (lambda: F.hardtanh([1.0], -1, 10**400), ValueError, "max_val must be in the"),
    "beta, huge": (lambda: F.softplus([1.0], 10**400), ValueError, "beta must be in the range"),
    "inplace": (lambda: F.relu([1.0], np.ones(2)), TypeError, "inplace must be a boolean; got nda"),
    "inplace, 1": (lambda: F.elu([1.0], 2.0, 1), TypeError, "inplace must be a boolean; got int"),
    "glu, odd": (lambda: F.glu(np.ones((2, 3))), ValueError, "even length on axis 1, .*; got 3"),
    "glu, dim": (lambda: F.glu(np.ones((2, 2)), 2), ValueError, "dim: axis 2 is out of bounds"),
    "glu, 0-d": (lambda: F.glu(1.0), ValueError, "axis -1 is out of bounds"),
    "glu, type": (lambda: F.glu([1.0, 2.0], 0.5), TypeError, "dim must be an integer; got 0.5"),
}


@calls
@pytest.mark.parametrize("out", [[], [0.0], 1.0, "a", (), ([0.0],), (None, None)])
def test_refused_out(name, options, out):
    if out == () or out == (None, None):
        with pytest.raises((TypeError, ValueError)):
            getattr(F, name)([1.0, 2.0], **(options if name != "glu" else {}), out=out)
        return
    with pytest.raises(TypeError, match=f"out must be an array or .*; got {type(out).__name__}"):
        getattr(F, name)([1.0, 2.0], **(options if name != "glu" else {}), out=out)


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    call, error, message = REFUSED[case]
    with pytest.raises(error, match=message):
        call()
