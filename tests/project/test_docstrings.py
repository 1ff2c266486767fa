"""The examples of every docstring run, and the docstring of a ufunc agrees with the table."""

import doctest
import importlib
import inspect
import pkgutil
import re

import numpy as np
import pytest

import gelu_fast
from gelu_fast._core.table import row_of

MODULES = [
    "gelu_fast",
    *(module.name for module in pkgutil.walk_packages(gelu_fast.__path__, "gelu_fast.")),
]
SECTIONS = ["Parameters", "Returns", "Raises", "Notes", "References", "Examples"]


def run_examples(test):
    """Runs the examples and returns their number; if some fail, it fails with doctest's report."""
    report = []
    results = doctest.DocTestRunner().run(test, out=report.append)
    assert results.failed == 0, "".join(report)
    return results.attempted


def test_examples_of_ufunc(ufunc, isa):
    test = doctest.DocTestParser().get_doctest(ufunc.__doc__, {}, ufunc.__name__, None, 0)
    assert run_examples(test) >= 2


# A hook is a file for PyInstaller and glue a library for a host, so they are no modules.
IMPORTED = [name for name in MODULES if not name.endswith(("__main__", ".glue"))]
IMPORTED = [name for name in IMPORTED if "hook-" not in name]


@pytest.mark.parametrize("name", IMPORTED)
def test_examples_of_module(name):
    if name.startswith("gelu_fast.numba"):
        pytest.importorskip("numba")
    if name.startswith("gelu_fast.torch"):
        pytest.importorskip("torch")
    if name.startswith("gelu_fast.onnx."):
        pytest.importorskip("onnx")
    if name.startswith("gelu_fast.duckdb"):
        pytest.importorskip("duckdb")
    if name.startswith("gelu_fast.jax"):
        pytest.importorskip("jax")
    if name.startswith(("gelu_fast.arrow", "gelu_fast._files.columns")):
        pytest.importorskip("pyarrow")
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        run_examples(test)


@pytest.mark.parametrize("name", [n for n in gelu_fast.__all__ if n not in ("isa", "__version__")])
def test_public_names_are_documented(name):
    assert getattr(gelu_fast, name).__doc__.strip()


def test_docstring_says_what_the_table_says(row):
    ufunc = getattr(gelu_fast, row.function)
    doc = ufunc.__doc__
    assert doc.startswith(f"{row.function}({', '.join(operands(ufunc, row))}, /, out=")
    for section in SECTIONS:
        assert f"\n{section}\n{'-' * len(section)}\n" in doc
    base = row.function.removeprefix("exact_")
    example = f"gelu_fast.{base}({row.arguments})"
    if base != row.function:
        example = f"gelu_fast.exact.{base}(x)"
    for text in (row.formula, row.limits, row.source, example):
        assert text in doc
    assert re.search(rf"\n{promise(row)} in (\w+ and )*{row.dtype}[ ,.]", doc), doc


def operands(ufunc, row):
    """Returns the names of the operands; an older NumPy uses its own names."""
    if hasattr(ufunc, "__dict__"):
        return row.inputs
    return ["x"] if row.nin == 1 else [f"x{i + 1}" for i in range(row.nin)]


@pytest.mark.parametrize("name", ["gelu", "leaky_relu", "swiglu_backward"])
def test_signature(name):
    ufunc = getattr(gelu_fast, name)
    if not hasattr(np.exp, "__signature__"):
        pytest.skip("NumPy older than 2.4 gives ufuncs no signature")
    signature = inspect.signature(ufunc)
    assert ufunc.__doc__.startswith(f"{name}{signature}\n\n")
    numpy_s = inspect.signature(np.divmod if ufunc.nout == 2 else np.exp)
    named = list(signature.parameters.values())
    assert [p.name for p in named[: ufunc.nin]] == list(row_of(name).inputs)
    assert all(p.kind == p.POSITIONAL_ONLY for p in named[: ufunc.nin])
    assert named[ufunc.nin :] == list(numpy_s.parameters.values())[1 if ufunc.nout == 1 else 2 :]


def promise(row):
    """Returns the words of the docstring about the error in the row's dtype."""
    if row.bound_ulp == 0.5:
        return "correctly rounded"
    return f"at most {row.bound_ulp:g} ULP off"
