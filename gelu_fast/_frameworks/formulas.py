"""The formulas with which frameworks compute GELU and related functions, with their roundings.

A formula takes x, in float32 or float64, and `step`, a function that rounds to the precision of the
steps. It applies `step` to each intermediate result, and to a constant if the framework stores the
constant in the dtype. The formulas use this library's functions, which are within 1 ULP in float32
and 2 in float64, because implementations differ most in where they round.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple, TypeAlias

import numpy as np

from .._core._ufuncs import ufuncs
from .._core.arrays import Array, Dtype

Step: TypeAlias = Callable[[Array], Array]
Formula: TypeAlias = Callable[[Array, Step], Array]

ours = SimpleNamespace(**ufuncs())

SQRT_HALF = np.sqrt(0.5).item()
SQRT_2_OVER_PI = np.sqrt(2 / np.pi).item()
CUBIC = 0.044715
QUICK = 1.702


def gelu_erf(x: Array, step: Step) -> Array:
    return step(step(x * 0.5) * step(1 + step(ours.erf(step(x * SQRT_HALF)))))


def gelu_erfc(x: Array, step: Step) -> Array:
    root = step(x.dtype.type(SQRT_HALF))
    return step(step(0.5 * x) * step(ours.erfc(step(-x * root))))


def gelu_tanh_cube(x: Array, step: Step) -> Array:
    return tanh_form(x, step(x * x * x), step)


def gelu_tanh_products(x: Array, step: Step) -> Array:
    return tanh_form(x, step(step(x * x) * x), step)


def tanh_form(x: Array, cube: Array, step: Step) -> Array:
    inner = step(SQRT_2_OVER_PI * step(x + step(CUBIC * cube)))
    return step(step(0.5 * x) * step(1 + step(ours.tanh(inner))))


def gelu_tanh_factored(x: Array, step: Step) -> Array:
    factor = step(1 + step(step(CUBIC * x) * x))
    inner = step(step(x * SQRT_2_OVER_PI) * factor)
    return step(step(0.5 * x) * step(1 + step(ours.tanh(inner))))


def gelu_tanh_cdf(x: Array, step: Step) -> Array:
    """JAX's formula: constants have the dtype, and Phi is rounded before it is multiplied by x."""
    root, cubic = step(x.dtype.type(SQRT_2_OVER_PI)), step(x.dtype.type(CUBIC))
    cube = step(step(x * x) * x)
    inner = step(root * step(x + step(cubic * cube)))
    return step(x * step(0.5 * step(1 + step(ours.tanh(inner)))))


def gelu_quick(x: Array, step: Step) -> Array:
    return step(x * step(ours.sigmoid(step(QUICK * x))))


def silu(x: Array, step: Step) -> Array:
    return step(x * step(ours.sigmoid(x)))


def silu_quotient(x: Array, step: Step) -> Array:
    return step(x / step(1 + step(np.exp(-x))))


def silu_reciprocal(x: Array, step: Step) -> Array:
    return step(x * step(1 / step(1 + step(np.exp(-x)))))


def table_gelu_tanh(x: Array, step: Step) -> Array:
    """ggml's table, which has float16 results for float16 x between -10 and 10."""
    y = step(gelu_tanh_factored(step(x), unrounded))
    return np.where(np.abs(x) < 10, y, np.maximum(x, 0))


def table_gelu_quick(x: Array, step: Step) -> Array:
    return step(gelu_quick(step(x), unrounded))


def unrounded(values: Array) -> Array:
    return values


# ---- Exact values


def exactly(name: str) -> Step:
    """The function correctly rounded, with rare exceptions; in float64 the ufunc itself."""

    def compute(x: Array) -> Array:
        wide = x.astype(np.float64) if x.dtype == np.float32 else x
        result: Array = ufuncs()[name](wide).astype(x.dtype)
        return result

    return compute


EXACT = ("gelu", "gelu_tanh", "gelu_quick", "silu", "relu")


# ---- The table

# The precision of the steps. In float32 and float64 WIDE and EACH are the same, and `candidates`
# leaves out EACH.
WIDE = "wide"  # steps in float32 for 16-bit numbers, otherwise in the dtype; the result is rounded
EACH = "each"  # each step is rounded to the dtype
HALF = "half"  # x and the result are rounded to float16; for float32 data only

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


class Row(NamedTuple):
    function: str
    formula: str
    compute: Formula
    steps: str
    seen_in: str


# seen_in: found by comparison with PyTorch 2.13 and JAX 0.10 on a CPU, and in ggml's source.
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

CORRECT = "exact"


class Candidate(NamedTuple):
    """A function with a formula; compute(x) returns the activations that it makes from x."""

    function: str
    formula: str
    steps: str
    seen_in: str
    compute: Step


def candidates(dtype: Dtype) -> list[Candidate]:
    """All candidates for arrays of a dtype."""
    exact = [
        Candidate(name, "correctly rounded", CORRECT, "gelu_fast", exactly(name)) for name in EXACT
    ]
    wide: Dtype = np.dtype(np.float32) if dtype.itemsize == 2 else dtype
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


def repeated(formula: Formula, wide: Dtype, steps: Dtype) -> Step:
    """Makes a function of an array from a formula and the dtype of its steps."""

    def step(values: Array) -> Array:
        return values.astype(steps).astype(wide)

    def compute(x: Array) -> Array:
        return formula(x.astype(wide), unrounded if steps == wide else step).astype(x.dtype)

    return compute
