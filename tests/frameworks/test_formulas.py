"""Each formula of `which_gelu` computes the function that it names, but for its roundings."""

import numpy as np
import pytest

import gelu_fast
from gelu_fast._frameworks.formulas import HALF, ROWS, SIGMOID, candidates

X = np.concatenate([np.linspace(-4, 12, 321), [-12, -1e-3, 1e-3]])
HALF_EPS = 2.0**-11


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.function}-{row.steps}-{row.seen_in}")
def test_formula(row):
    want = getattr(gelu_fast, row.function)(X)
    if row.steps == HALF:  # 12 is not in the table
        got = row.compute(X, lambda values: values.astype(np.float16).astype(np.float64))
        np.testing.assert_allclose(got, want, rtol=3 * HALF_EPS, atol=2 * HALF_EPS)
    else:
        got = row.compute(X, lambda values: np.asarray(values, np.float64))
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_candidates(dtype):
    """In each dtype, every candidate is near the function."""
    x = X.astype(dtype)
    found = candidates(x.dtype)
    assert len({(c.function, c.formula, c.steps) for c in found}) == len(found)
    eps = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "float64": 2.0**-52}
    for candidate in found:
        want = getattr(gelu_fast, candidate.function)(x.astype(np.float64))
        rounding = max(eps[dtype], 2.0**-10 if candidate.steps == "float16" else 0)
        with np.errstate(all="ignore"):
            got = candidate.compute(x).astype(np.float64)
        np.testing.assert_allclose(got, want, rtol=20 * rounding, atol=20 * rounding)


def test_steps_are_rounded():
    """Wide steps are those of float32; others are rounded to the dtype, one by one."""
    x = X.astype(np.float16)
    wide, each = (
        next(c for c in candidates(x.dtype) if (c.formula, c.steps) == (SIGMOID, steps))
        for steps in ("float32", "float16")
    )
    product = x.astype(np.float32) * gelu_fast.sigmoid(x.astype(np.float32))
    np.testing.assert_array_equal(wide.compute(x), product.astype(np.float16))
    np.testing.assert_array_equal(each.compute(x), x * gelu_fast.sigmoid(x))
    assert (wide.compute(x) != each.compute(x)).any()
