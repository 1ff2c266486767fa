"""Which function of the table an expression is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from .._core.rows import Row
from .._core.table import COMPOUNDS, ROWS, row_of
from ._expressions import WORDS, Expression, Unknown, number, variable

OF_X = [row.function for row in ROWS if row.dtype == "float64" and row.nin == 1]
OF_TWO = [
    row.function for row in COMPOUNDS if row.dtype == "float64" and (row.nin, row.nout) == (2, 1)
]


def known_words() -> dict[str, Any]:
    """The words of definitions. Definitions of compounds also call functions of x."""
    calls = {name: call_of(name) for name in OF_X}
    return {"__builtins__": {}} | calls | WORDS


def call_of(function: str) -> Callable[[Any], Any]:
    return lambda x: value(row_of(function), x)


def value(row: Row, *inputs: Any) -> Expression:
    """The definition of a row, at these inputs."""
    tree = compile(row.definition, row.function, "eval")
    try:
        found = eval(tree, known_words(), dict(zip(row.inputs, inputs, strict=True)))
    except NameError:  # a word that no operator has
        raise Unknown from None
    if not isinstance(found, Expression):
        raise Unknown
    return found


@cache
def normal_forms() -> dict[str, list[tuple[str, Expression]]]:
    """The functions of x, by the texts of their normal forms."""
    found: dict[str, list[tuple[str, Expression]]] = {}
    for name in OF_X:
        try:
            form = value(row_of(name), variable("x"))
        except Unknown:
            continue
        found.setdefault(form.text(), []).append((name, form))
    return found


def function_of_x(form: Expression) -> str | None:
    """The first function of the table that has the normal form, or None."""
    for name, other in normal_forms().get(form.text(), []):
        if form.same(other):
            return name
    return None


class Fusion(NamedTuple):
    """A compound that is a function of x and an operation before or after it."""

    function: str
    inputs: tuple[str, ...]
    x: str  # the input of the compound that the function of x takes
    other: str


@cache
def fusions() -> tuple[dict[str, Fusion], dict[str, Fusion]]:
    """(gates, biases) by the functions of x: compounds that are defined as f(gate) * up, and those
    that are defined as f(x + b)."""
    gates: dict[str, Fusion] = {}
    biases: dict[str, Fusion] = {}
    for name in OF_TWO:
        row = row_of(name)
        match ast.parse(row.definition, mode="eval").body:
            case ast.BinOp(
                left=ast.Call(func=ast.Name(id=inner), args=[ast.Name(id=x)]),
                op=ast.Mult(),
                right=ast.Name(id=other),
            ) if x != other:
                gates[inner] = Fusion(name, row.inputs, x, other)
            case ast.Call(
                func=ast.Name(id=inner),
                args=[ast.BinOp(left=ast.Name(id=x), op=ast.Add(), right=ast.Name(id=other))],
            ) if x != other:
                biases[inner] = Fusion(name, row.inputs, x, other)
    return gates, biases


@cache
def with_parameter() -> dict[str, list[Row]]:
    """The compounds of x and a parameter, by the texts of their normal forms."""
    fused = {fusion.function for kind in fusions() for fusion in kind.values()}
    found: dict[str, list[Row]] = {}
    for name in OF_TWO:
        row = row_of(name)
        if name not in fused and row.inputs[0] == "x":
            try:  # 1.25 stands for any parameter with which no term vanishes
                form = value(row, variable("x"), number(1.25))
            except Unknown:
                continue
            found.setdefault(form.text(), []).append(row)
    return found


def function_with_parameter(form: Expression) -> tuple[str, float] | None:
    """The first compound that has the normal form with a number for its second input, and the
    number; or None."""
    for row in with_parameter().get(form.text(), []):
        for parameter in dict.fromkeys(form.coefficients()):
            try:
                if form.same(value(row, variable("x"), number(parameter))):
                    return row.function, parameter
            except Unknown:
                continue
    return None


def function_with_bias(form: Expression, x: Expression, bias: Expression) -> Fusion | None:
    """The function of the table that has the normal form of f(x + bias), or None."""
    for fusion in fusions()[1].values():
        found = value(row_of(fusion.function), x, bias)
        if found.text() == form.text() and found.same(form):
            return fusion
    return None
