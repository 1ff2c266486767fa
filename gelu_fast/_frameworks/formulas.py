"""The formulas with which frameworks compute GELU and its relatives, as arithmetic to be repeated.

A formula takes x, in float32 or float64, and `step`, which rounds each result, and the constants
where the framework has these in the dtype, to the precision of the steps. All is done with our own
functions, which are within 1 ULP: what tells implementations apart is where the roundings are.
"""

from collections import namedtuple

import numpy as np

from .._core._ufuncs import ufuncs

ours = ufuncs()
erf, erfc, sigmoid, tanh = (ours[name] for name in ("erf", "erfc", "sigmoid", "tanh"))

SQRT_HALF = np.sqrt(0.5).item()
SQRT_2_OVER_PI = np.sqrt(2 / np.pi).item()
CUBIC = 0.044715
QUICK = 1.702


def gelu_erf(x, step):
    return step(step(x * 0.5) * step(1 + step(erf(step(x * SQRT_HALF)))))


def gelu_erfc(x, step):
    root = step(x.dtype.type(SQRT_HALF))
    return step(step(0.5 * x) * step(erfc(step(-x * root))))


def gelu_tanh_cube(x, step):
    return tanh_form(x, step(x * x * x), step)


def gelu_tanh_products(x, step):
    return tanh_form(x, step(step(x * x) * x), step)


def tanh_form(x, cube, step):
    inner = step(SQRT_2_OVER_PI * step(x + step(CUBIC * cube)))
    return step(step(0.5 * x) * step(1 + step(tanh(inner))))


def gelu_tanh_factored(x, step):
    factor = step(1 + step(step(CUBIC * x) * x))
    inner = step(step(x * SQRT_2_OVER_PI) * factor)
    return step(step(0.5 * x) * step(1 + step(tanh(inner))))


def gelu_tanh_cdf(x, step):
    """That of JAX: the constants are of the dtype, and Phi is rounded before x takes part."""
    root, cubic = step(x.dtype.type(SQRT_2_OVER_PI)), step(x.dtype.type(CUBIC))
    cube = step(step(x * x) * x)
    inner = step(root * step(x + step(cubic * cube)))
    return step(x * step(0.5 * step(1 + step(tanh(inner)))))


def gelu_quick(x, step):
    return step(x * step(sigmoid(step(QUICK * x))))


def silu(x, step):
    return step(x * step(sigmoid(x)))


def silu_quotient(x, step):
    return step(x / step(1 + step(np.exp(-x))))


def silu_reciprocal(x, step):
    return step(x * step(1 / step(1 + step(np.exp(-x)))))


def table_gelu_tanh(x, step):
    """That of ggml: results of float16 for x of float16, between -10 and 10."""
    y = step(gelu_tanh_factored(step(x), unrounded))
    return np.where(np.abs(x) < 10, y, np.maximum(x, 0))


def table_gelu_quick(x, step):
    return step(gelu_quick(step(x), unrounded))


def unrounded(values):
    return values


# ---- Exact values


def exactly(name):
    """The function correctly rounded, or as near to that as we have it."""

    def compute(x):
        wide = x.astype(np.float64) if x.dtype == np.float32 else x
        return ours[name](wide).astype(x.dtype)

    return compute


EXACT = ("gelu", "gelu_tanh", "gelu_quick", "silu", "relu")


# ---- The table

# How the steps are rounded. For float32 and float64 the first two are the same, and only the first
# is tried.
WIDE = "wide"  # in float32 for 16-bit numbers, in float64 for float64; the result is rounded
EACH = "each"  # each step to the dtype
HALF = "half"  # x and the result to float16, for float32

ERF = "x/2 * (1 + erf(x / sqrt(2)))"
ERFC = "x/2 * erfc(-x / sqrt(2))"
CUBE = "x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * x^3)))"
PRODUCTS = "x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 * (x*x)*x)))"
FACTORED = "x/2 * (1 + tanh(sqrt(2/pi) * x * (1 + 0.044715 * x*x)))"
CDF = "x * ((1 + tanh(sqrt(2/pi) * (x + 0.044715 * (x*x)*x))) / 2), constants of the dtype"
QUOTIENT = "x / (1 + exp(-x))"
SIGMOID = "x * sigmoid(x)"
RECIPROCAL = "x * (1 / (1 + exp(-x)))"
QUICK_SIGMOID = "x * sigmoid(1.702 * x)"

Row = namedtuple("Row", "function formula compute steps seen_in")

# seen_in: PyTorch 2.13 and JAX 0.10 on a CPU were compared with these; of ggml the source was read.
ROWS = (
    Row("gelu", ERF, gelu_erf, WIDE, "PyTorch, ggml GELU_ERF"),
    Row("gelu", ERF, gelu_erf, EACH, "Hugging Face gelu_python"),
    Row("gelu", ERFC, gelu_erfc, WIDE, "JAX in float32 and float64"),
    Row("gelu", ERFC, gelu_erfc, EACH, "JAX in 16 bits"),
    Row("gelu_tanh", CUBE, gelu_tanh_cube, WIDE, "PyTorch; JAX, Hugging Face gelu_new in float32"),
    Row("gelu_tanh", CUBE, gelu_tanh_cube, EACH, "Hugging Face gelu_new in float16"),
    Row("gelu_tanh", PRODUCTS, gelu_tanh_products, EACH, "Hugging Face gelu_new in bfloat16"),
    Row("gelu_tanh", FACTORED, gelu_tanh_factored, WIDE, "Hugging Face gelu_fast in float32"),
    Row("gelu_tanh", FACTORED, gelu_tanh_factored, EACH, "Hugging Face gelu_fast in 16 bits"),
    Row("gelu_tanh", CDF, gelu_tanh_cdf, EACH, "JAX in 16 bits"),
    Row("gelu_tanh", FACTORED, table_gelu_tanh, HALF, "ggml GELU, a table of float16"),
    Row("gelu_quick", QUICK_SIGMOID, gelu_quick, WIDE, "Hugging Face quick_gelu in float32"),
    Row("gelu_quick", QUICK_SIGMOID, gelu_quick, EACH, "Hugging Face quick_gelu in 16 bits"),
    Row("gelu_quick", QUICK_SIGMOID, table_gelu_quick, HALF, "ggml GELU_QUICK, a table of float16"),
    Row("silu", QUOTIENT, silu_quotient, WIDE, "PyTorch, ggml"),
    Row("silu", QUOTIENT, silu_quotient, EACH, ""),
    Row("silu", SIGMOID, silu, WIDE, ""),
    Row("silu", SIGMOID, silu, EACH, "x * torch.sigmoid(x) in 16 bits"),
    Row("silu", RECIPROCAL, silu_reciprocal, WIDE, "JAX in float32 and float64"),
    Row("silu", RECIPROCAL, silu_reciprocal, EACH, "JAX in 16 bits"),
)

Candidate = namedtuple("Candidate", "function formula steps seen_in compute")
CORRECT = "exact"


def candidates(dtype):
    """The Candidates for arrays of a dtype; compute(x) gives what the candidate would have made."""
    exact = [
        Candidate(name, "correctly rounded", CORRECT, "gelu_fast", exactly(name)) for name in EXACT
    ]
    wide = np.dtype(np.float32) if dtype.itemsize == 2 else dtype
    steps = {WIDE: wide}
    if dtype.itemsize == 2:
        steps[EACH] = dtype
    if dtype == np.float32:
        steps[HALF] = np.dtype(np.float16)
    return exact + [
        Candidate(
            row.function,
            row.formula,
            steps[row.steps].name,
            row.seen_in,
            repeated(row.compute, wide, steps[row.steps]),
        )
        for row in ROWS
        if row.steps in steps
    ]


def repeated(formula, wide, steps):
    """A formula with its roundings, as a function of an array."""

    def step(values):
        return values.astype(steps).astype(wide)

    def compute(x):
        return formula(x.astype(wide), unrounded if steps == wide else step).astype(x.dtype)

    return compute
