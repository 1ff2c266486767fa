"""No result depends on the decimal context of the caller, or changes it."""

import decimal
import os
import subprocess
import sys

import numpy as np
import pytest

import gelu_fast
from gelu_fast._core.table import unary_functions
from gelu_fast._reference import decimals, ulp
from gelu_fast._selfcheck import inputs
from gelu_fast.quantized import _rounding

SIGNALS = list(decimal.Context().flags)
CONTEXTS = {
    "money": decimal.Context(prec=12, rounding=decimal.ROUND_HALF_UP, traps=SIGNALS),
    "three digits": decimal.Context(prec=3, rounding=decimal.ROUND_DOWN, traps=[]),
    "narrow": decimal.Context(prec=1, rounding=decimal.ROUND_UP, Emin=0, Emax=0, clamp=1, traps=[]),
    "narrow with traps": decimal.Context(prec=1, Emin=0, Emax=0, traps=SIGNALS),
}
X = np.array([-3e300, -700.0, -5.5, -0.7517915, 1e-320, 0.3, 61.0, np.inf])


def clear_caches():
    for cached in (decimals.definition, decimals.pi_to, ulp.overflow, _rounding.side_of_asymptote):
        cached.cache_clear()
    inputs.crossings.cache_clear()


def results(function):
    """Returns what the library computes with decimal arithmetic."""
    clear_caches()
    scales = (1.0, 1.0), (0.05, 0.1), (0.1, 1 / 3), (3e300, 2e300), (0.5, 1e-5)
    tables = [
        gelu_fast.quantized.table(function, *(a, 0, b, 3), rounding=rounding).tobytes()
        for a, b in scales
        for rounding in ("even", "away")
    ]
    exact = [str(decimals.exact(function, x)) for x in X[:-1]]
    found = ulp.reference(function, "float64", [X])
    numbers = found.middle, found.rest, found.slack, found.exponent
    rows = [number.tobytes() for number in numbers]
    return tables, exact, rows, inputs.crossings(function, 1, -10.0, 10.0)


@pytest.mark.parametrize("function", ["relu", "gelu", "gelu_grad", "sigmoid", "log_ndtr", "selu"])
@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
def test_context_of_the_caller(function, context):
    expected = results(function)
    with decimal.localcontext(context) as here:
        here.clear_flags()
        before = str(here)
        assert results(function) == expected
        assert str(here) == before  # it has the flags too


@pytest.mark.parametrize("function", unary_functions())
def test_callers_who_trap_floats(function):
    with decimal.localcontext() as context:
        context.clear_flags()
        context.traps[decimal.FloatOperation] = True
        context.traps[decimal.Inexact] = True
        gelu_fast.quantized.table(function, 0.05, 0, 0.1, 0)
        assert not any(context.flags.values())


def test_defaults_of_the_module_decimal():
    """A program can change them before it imports the package."""
    code = """
import decimal, sys
if sys.argv[1] == "changed":
    for context in decimal.DefaultContext, decimal.getcontext():
        context.prec, context.rounding, context.clamp = 5, "ROUND_UP", 1
        context.Emin, context.Emax = -9, 9
import gelu_fast
from gelu_fast._reference import decimals
for name in "gelu", "sigmoid", "log_ndtr_grad":
    print(gelu_fast.quantized.table(name, 0.05, 0, 1 / 77, 0).tobytes().hex())
    print(*(decimals.exact(name, x) for x in (-30.5, 0.1, 2.5)))
"""
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code, word], env=environment, capture_output=True, check=True
        ).stdout
        for word in ("same", "changed")
    ]
    assert outputs[0] == outputs[1]
