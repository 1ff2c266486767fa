"""Every docstring: its examples run, and a ufunc's says what the table says."""

import doctest
import importlib
import pkgutil
import re

import pytest

import gelu_fast

MODULES = [
    "gelu_fast",
    *(module.name for module in pkgutil.walk_packages(gelu_fast.__path__, "gelu_fast.")),
]
SECTIONS = ["Parameters", "Returns", "Raises", "Notes", "References", "Examples"]


def run_examples(test):
    """The number of examples run; fails with doctest's report of those that go wrong."""
    report = []
    results = doctest.DocTestRunner().run(test, out=report.append)
    assert results.failed == 0, "".join(report)
    return results.attempted


def test_examples_of_ufunc(ufunc, isa):
    test = doctest.DocTestParser().get_doctest(ufunc.__doc__, {}, ufunc.__name__, None, 0)
    assert run_examples(test) >= 2


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_examples_of_module(name):
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        run_examples(test)


@pytest.mark.parametrize("name", [n for n in gelu_fast.__all__ if n not in ("isa", "__version__")])
def test_public_names_are_documented(name):
    assert getattr(gelu_fast, name).__doc__.strip()


def test_docstring_says_what_the_table_says(row):
    doc = getattr(gelu_fast, row.function).__doc__
    assert doc.startswith(f"{row.function}(x")
    for section in SECTIONS:
        assert f"\n{section}\n{'-' * len(section)}\n" in doc
    for text in (row.formula, row.limits, row.source, f"gelu_fast.{row.function}({row.arguments})"):
        assert text in doc
    assert re.search(rf"\n{promise(row)} in (\w+ and )*{row.dtype}[ ,.]", doc), doc


def promise(row):
    """What the docstring says of the error in a dtype."""
    if row.bound_ulp == 0.5:
        return "correctly rounded"
    return f"at most {row.bound_ulp:g} ULP off"
