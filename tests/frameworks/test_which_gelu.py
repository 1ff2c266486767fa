"""`which_gelu` names the function and the roundings that made stored activations. Independent
formulas make them, with erf of the C library and with tanh and exp of NumPy."""

import math
import subprocess
import sys

import numpy as np
import pytest
from support import ROOT
from support.table import DTYPES

from gelu_fast import activation, which_gelu
from gelu_fast._core.dtypes import finfo
from gelu_fast._frameworks.identify import ranked

FILE = ROOT / "data" / "minilm_ffn_preactivations.npy"
EXAMPLE = ROOT / "examples" / "which_gelu.py"
FUNCTIONS = ["gelu", "gelu_tanh", "gelu_quick", "silu", "relu"]
HALVES = ["float16", "bfloat16"]
SQRT_2_OVER_PI = math.sqrt(2 / math.pi)


def by_math(function):
    """Returns a function of the C library for arrays, rounded to their dtype."""
    elementwise = np.frompyfunc(function, 1, 1)
    return lambda x: elementwise(x.astype(np.float64)).astype(np.float64).astype(x.dtype)


erf, erfc = by_math(math.erf), by_math(math.erfc)


def exact(function, x):
    """Computes the function of float64 numbers with errors of about 1e-15."""
    if function == "gelu":
        return x * (0.5 * erfc(x * -math.sqrt(0.5)))
    if function == "gelu_tanh":
        return x / (1 + np.exp(-2 * SQRT_2_OVER_PI * (x + 0.044715 * x**3)))
    if function == "relu":
        return np.maximum(x, 0)
    return x / (1 + np.exp(-{"gelu_quick": 1.702, "silu": 1.0}[function] * x))


def textbook(function, x):
    """Computes the textbook formula, with each operation in the dtype of x."""
    one, half, scale = (np.array(c).astype(x.dtype) for c in (1, 0.5, 1.702))
    root, cubic = (np.array(c).astype(x.dtype) for c in (SQRT_2_OVER_PI, 0.044715))
    if function == "gelu":
        return half * x * (one + erf(x / np.sqrt(one + one)))
    if function == "gelu_tanh":
        return half * x * (one + np.tanh(root * (x + cubic * (x * x * x))))
    if function == "relu":
        return np.maximum(x, one - one)
    argument = scale * x if function == "gelu_quick" else x
    return x * (one / (one + np.exp(-argument)))


def functions_of_rank_1(found):
    assert found[0].rank == 1
    return {match.function for match in found if match.rank == 1}


@pytest.fixture(scope="module")
def minilm():
    """Returns every third real input of the GELUs in all layers of a model."""
    return np.load(FILE).ravel()[::3]


@pytest.fixture(autouse=True)
def quiet():
    """The formulas of this file overflow, as the formulas of frameworks do."""
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_rounded_exact_values(dtype, function, minilm):
    x = minilm.astype(dtype)
    found = which_gelu(x, exact(function, x.astype(np.float64)).astype(dtype))
    assert functions_of_rank_1(found) == {function}
    assert found[0].bits < 1
    assert found[0].max_abs <= 4 * finfo(dtype).eps * np.abs(minilm).max()
    if dtype != "float64":  # in float64 the reference of this file has errors of its own
        exactly = next(match for match in found if match.steps == "exact")
        assert exactly.rank == 1
        assert exactly.equal > 0.9999
        assert exactly.max_ulp <= 1


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("dtype", HALVES)
def test_computed_in_float32(dtype, function, minilm):
    """Kernels for 16-bit numbers compute in float32."""
    x = minilm.astype(dtype)
    found = which_gelu(x, textbook(function, x.astype(np.float32)).astype(dtype))
    assert functions_of_rank_1(found) == {function}
    if function != "relu":
        assert any(match.steps == "float32" for match in found if match.rank == 1)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_each_step_rounded(dtype, function, minilm):
    """A formula on arrays rounds each step."""
    x = minilm.astype(dtype)
    found = which_gelu(x, textbook(function, x))
    assert functions_of_rank_1(found) == {function}
    assert found[0].steps == ("exact" if function == "relu" else dtype)


def test_constants_of_the_dtype(minilm):
    """JAX rounds the constants to the dtype; Hugging Face's formula on PyTorch has them in
    float32."""
    x = minilm.astype("bfloat16")
    half, one, root, cubic = (
        np.array(c).astype(x.dtype) for c in (0.5, 1, SQRT_2_OVER_PI, 0.044715)
    )
    y = x * (half * (one + np.tanh(root * (x + cubic * (x * x * x)))))
    best, second, *_ = which_gelu(x, y)
    assert (best.function, best.seen_in, best.equal) == ("gelu_tanh", "JAX in 16 bits", 1.0)
    assert second.rank == 2

    def rounded(values):
        return values.astype(x.dtype).astype(np.float32)

    x32 = x.astype(np.float32)
    cube = rounded(rounded(x32 * x32) * x32)
    inner = rounded(SQRT_2_OVER_PI * rounded(x32 + rounded(0.044715 * cube)))
    y = rounded(0.5 * x32) * rounded(1 + rounded(np.tanh(inner)))
    best = which_gelu(x, y.astype(x.dtype))[0]
    assert (best.function, best.steps) == ("gelu_tanh", "bfloat16")
    assert best.seen_in == "Hugging Face gelu_new in bfloat16"
    assert best.equal == 1


@pytest.mark.parametrize("function", ["gelu_tanh", "gelu_quick"])
def test_ggml_table(function, minilm):
    """The results are float16 numbers stored as float32."""
    half = minilm.astype(np.float16).astype(np.float64)
    y = exact(function, half).astype(np.float16).astype(np.float32)
    if function == "gelu_tanh":
        y = np.where(np.abs(minilm) < 10, y, np.maximum(minilm, 0))
    best = which_gelu(minilm, y)[0]
    assert (best.function, best.steps) == (function, "float16")
    assert best.equal > 0.99


def test_pytorch(minilm):
    """The activations come from PyTorch's kernels, and from formulas on its tensors."""
    torch = pytest.importorskip("torch", reason="PyTorch (extra bench) is not installed")
    functional = torch.nn.functional
    made = {
        ("gelu", "wide"): functional.gelu,
        ("gelu_tanh", "wide"): lambda t: functional.gelu(t, approximate="tanh"),
        ("silu", "wide"): functional.silu,
        ("relu", "exact"): functional.relu,
        # Hugging Face's gelu_python, gelu_new, gelu_fast and quick_gelu
        ("gelu", "each"): lambda t: t * 0.5 * (1 + torch.erf(t / math.sqrt(2))),
        ("gelu_tanh", "each"): (
            lambda t: 0.5 * t * (1 + torch.tanh(SQRT_2_OVER_PI * (t + 0.044715 * t**3)))
        ),
        ("gelu_tanh", "each", "factored"): (
            lambda t: 0.5 * t * (1 + torch.tanh(t * 0.7978845608 * (1 + 0.044715 * t * t)))
        ),
        ("gelu_quick", "each"): lambda t: t * torch.sigmoid(1.702 * t),
    }
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        t = torch.from_numpy(minilm).to(dtype)
        name = str(dtype).removeprefix("torch.")
        steps = {"wide": {"float32", "exact"}, "each": {name}, "exact": {"exact"}}
        for (function, kind, *_), compute in made.items():
            x, y = (tensor.to(torch.float32).numpy().astype(name) for tensor in (t, compute(t)))
            found = which_gelu(x, y)
            assert functions_of_rank_1(found) == {function}, (function, kind, dtype)
            assert found[0].steps in steps[kind], (function, kind, dtype)
            if kind == "each" and dtype != torch.float32:
                assert found[0].equal > 0.999


def test_jax(minilm):
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    made = {
        "gelu": lambda x: jax.nn.gelu(x, approximate=False),
        "gelu_tanh": jax.nn.gelu,
        "silu": jax.nn.silu,
    }
    for dtype in ("float32", "float16", "bfloat16"):
        x = minilm.astype(dtype)
        for function, compute in made.items():
            best, *others = which_gelu(x, np.asarray(compute(x)))
            assert best.function == function
            assert "JAX" in best.seen_in
            if dtype != "float32":
                assert best.equal > 0.999
                assert others[0].rank == 2


@pytest.mark.parametrize("function", FUNCTIONS)
def test_noise(function, minilm):
    """which_gelu finds the function in spite of errors of a few ULP, more than implementations
    have."""
    random = np.random.default_rng(40)
    y = exact(function, minilm.astype(np.float64))
    y = y * (1 + random.normal(0, 1e-6, y.size)) + random.normal(0, 1e-7, y.size)
    assert functions_of_rank_1(which_gelu(minilm, y.astype(np.float32))) == {function}


@pytest.mark.parametrize("dtype", DTYPES)
def test_indistinguishable(dtype):
    """No function is named if all functions equal x on the data."""
    x = np.linspace(40, 80, 100).astype(dtype)
    found = which_gelu(x, x)
    assert functions_of_rank_1(found) == set(FUNCTIONS)
    assert all(match.equal == 1 for match in found if match.rank == 1)


def test_too_little_is_no_evidence():
    """One 16-bit number, for which two functions differ by a rounding, names neither function; one
    float64 number names one."""
    found = which_gelu(np.array([1.0], np.float16), np.array([0.8413], np.float16))
    assert functions_of_rank_1(found) >= {"gelu", "gelu_tanh"}
    assert functions_of_rank_1(which_gelu([1.0], [0.5 * math.erfc(-math.sqrt(0.5))])) == {"gelu"}


def test_none_of_them():
    """`bits` shows that the best match is bad."""
    x = np.linspace(-4, 4, 1000)
    best = which_gelu(x, np.sin(x))[0]
    assert best.bits > 40
    assert best.equal < 0.01


def test_order_and_fields():
    x = np.linspace(-6, 6, 5000, dtype=np.float32)
    found = which_gelu(x, exact("gelu_tanh", x.astype(np.float64)).astype(np.float32))
    assert [match.bits for match in found] == sorted(match.bits for match in found)
    ranks = [match.rank for match in found]
    assert ranks == sorted(ranks)
    assert all(rank == ranks.index(rank) + 1 for rank in ranks)  # ties share a rank, as in a race
    assert all(callable(activation(match.function)) for match in found)
    other = next(match for match in found if (match.function, match.steps) == ("gelu", "exact"))
    x = x.astype(np.float64)
    apart = np.abs(exact("gelu", x) - exact("gelu_tanh", x)).max()
    assert abs(other.max_abs - apart) < 1e-6


def relu_of(x, y):
    return next(match for match in which_gelu(x, y) if match.function == "relu")


def test_distances():
    """max_ulp counts the numbers between two numbers, also across zero."""
    tiny = finfo(np.float16).smallest_subnormal.item()
    x = np.array([-1.0, 0.0, 1.0], np.float16)
    relu = relu_of(x, np.array([-3 * tiny, -0.0, 1.0], np.float16))
    assert (relu.max_ulp, relu.max_abs, relu.equal) == (3, 3 * tiny, 2 / 3)
    assert relu_of([1e308], [-1e308]).max_ulp == 2 * int(np.float64(1e308).view(np.int64))
    relu = relu_of([1.0], [np.nan])
    assert (relu.max_abs, relu.equal) == (np.inf, 0)


def test_layouts_and_infinities(minilm):
    x = minilm[:6000]
    y = exact("gelu", x.astype(np.float64)).astype(np.float32)
    want = which_gelu(x, y)
    assert which_gelu(x.astype(">f4"), y) == want
    square = x.reshape(60, 100).T.copy().T, y.reshape(60, 100)
    assert which_gelu(*square) == want
    specials = [np.nan, np.inf, -np.inf]
    more = np.concatenate([x, specials]), np.concatenate([y, [0, 1, 2]])
    assert which_gelu(*(array.astype(np.float32) for array in more)) == want


@pytest.mark.slow
def test_example():
    """examples/which_gelu.py prints a table in which it finds each function and no other."""
    run = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    rows = [line.strip("| ").split(" | ") for line in run.stdout.splitlines()[2:]]
    made = ["gelu", "gelu_tanh", "gelu_quick", "silu"]
    assert [row[:3] for row in rows] == [
        [dtype, f"`{name}`", f"`{name}`"]
        for dtype in ("float32", "float16", "bfloat16")
        for name in made
    ]
    for *_, difference, _, others_difference in rows:
        assert float(difference) < float(others_difference)


REFUSED = {
    "dtypes": (np.ones(3, np.float32), np.ones(3), TypeError, "one dtype; got float32 and float64"),
    "integers": (
        np.ones(3, int),
        np.ones(3, int),
        TypeError,
        "x must be of dtype float16, .*; got int64",
    ),
    "complex": (
        np.ones(3),
        np.ones(3, complex),
        TypeError,
        "y must be of dtype .*; got complex128",
    ),
    "shapes": (np.ones(3), np.ones((3, 1)), ValueError, r"same shape; got \(3,\) and \(3, 1\)"),
    "empty": ([], [], ValueError, "x must have a finite element"),
    "infinite": ([np.inf, np.nan], [1.0, 1.0], ValueError, "x must have a finite element"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    x, y, error, message = REFUSED[case]
    with pytest.raises(error, match=message):
        which_gelu(x, y)


def test_ranks():
    """Another rank takes more than 20 bits, and more than 4 standard errors of the difference."""
    bits = np.array([30.0, 0.0, 20.0, 20.5])
    alike = np.zeros((4, 4))  # all elements differ by the same number of bits
    assert list(ranked(bits, alike, 100)) == [(1, 1), (1, 2), (3, 3), (3, 0)]
    scattered = np.diag([0.0, 0.0, 0.0, 1e4])
    assert [rank for rank, _ in ranked(bits, scattered, 100)] == [1, 1, 1, 4]
