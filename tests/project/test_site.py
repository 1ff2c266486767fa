"""The documentation site (docs/site): the formulas that it shows are those of the table, and what
it reads from the source of a module is what an import gives. `make test-docs` checks the pages."""

# ruff: noqa: RUF001 (formulas have Greek letters and minus signs)

import importlib
import xml.etree.ElementTree as ElementTree

import pytest
from flint import arb
from support import ROOT
from support.reference import value, values_of_compound, words

from gelu_fast._core.table import COMPOUNDS, TABLE

SIGNS = {"−": "-", "\u2062": "*", "≤": "<=", "≥": ">="}
LETTERS = {"Φ": "Phi", "φ": "phi", "σ": "sigmoid", "π": "pi", "α": "selu_alpha", "λ": "selu_scale"}
VALUES = [-1.375, 0.625, 2.25, -5.5]


@pytest.fixture
def site(monkeypatch):
    """Returns a function that imports a module of docs/site."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "site"))
    monkeypatch.chdir(ROOT)
    return importlib.import_module


# ---- Formulas


def read(node):
    """A formula in MathML as Python."""
    parts = [read(child) for child in node]
    match node.tag:
        case "math" | "mrow":
            return "".join(parts)
        case "mn":
            return f"number('{node.text}')"
        case "mi":
            return LETTERS.get(node.text, node.text)
        case "mo":
            return {"[": "(", "]": ")"}.get(node.text, SIGNS.get(node.text, node.text))
        case "mspace":
            return ""
        case "mfrac":
            return f"(({parts[0]})/({parts[1]}))"
        case "msqrt":
            return f"sqrt({''.join(parts)})"
        case "msup" if parts == ["sigmoid", "′"]:
            return "sigmoid_grad"
        case "msup" if parts[0] == "e":
            return f"exp({parts[1]})"
        case "msup":
            return f"({parts[0]})**int('{node[1].text}')"
    raise AssertionError(node.tag)


def function(row):
    """A function of the table in Arb, for formulas that call it."""
    return lambda *x: eval(row.definition, words() | dict(zip(row.inputs, x, strict=True)))


def exact(row, operands):
    """Balls around the exact outputs."""
    if row in COMPOUNDS:
        return values_of_compound(row, operands)
    return [value(row.function, **dict(zip(row.inputs, operands, strict=True)))]


@pytest.mark.parametrize(
    "name", [name for name in TABLE if name not in ("erf", "erfc")]
)  # integrals
def test_formula(site, name):
    row = TABLE[name]
    shown = site("formulas").equations(name, row.inputs, row.outputs, row.definition)
    equations = [read(ElementTree.fromstring(each)).split("=", 1) for each in shown]
    lefts, rights = zip(*equations, strict=True)
    call = (f"{name}({','.join(row.inputs)})",)
    assert lefts == (call if row.nout == 1 else row.outputs)
    functions = {each: function(TABLE[each]) for each in TABLE if each not in words()}
    for first in range(len(VALUES)):
        operands = [VALUES[(first + i) % len(VALUES)] for i in range(row.nin)]
        inputs = dict(zip(row.inputs, map(arb, operands), strict=True))
        known = functions | words() | {"number": arb, "log": arb.log} | inputs
        for right, ball in zip(rights, exact(row, operands), strict=True):
            assert arb(eval(right, known)).overlaps(ball), right


# ---- Names


@pytest.mark.parametrize("name", ["nn", "onnx", "quantized"])
def test_a_module_read_from_its_source(site, name):
    names = site("names")
    read, imported = names.read(name), names.module(name)
    assert (read.doc, read.has_table) == (imported.doc, imported.has_table)
    assert [each[:2] for each in read.entries] == [each[:2] for each in imported.entries]
    assert [each.doc for each in read.entries] == [each.doc for each in imported.entries]


def test_every_host_is_read(site):
    """Modules of hosts that are not installed have a docstring and names, or the whole table."""
    names = site("names")
    for name in names.modules():
        if name not in ("functional", "cuda"):  # these are never read
            found = names.read(name)
            assert found.doc
            assert found.has_table or found.entries
            assert all(entry.doc for entry in found.entries)
