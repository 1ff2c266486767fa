"""Reads a tensor as an expression of another tensor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onnx import AttributeProto, NodeProto, TensorProto, helper

from ._constants import ROUNDING, number_in, rounded, rounding_error
from ._expressions import Expression, Unknown, as_expression, number, variable
from ._graph import Graph
from ._operators import ARITHMETIC, DOMAINS, Formula, parameters

MOST_NODES = 24  # a gradient of GELU has 20


def formula_of(node: NodeProto) -> Formula | None:
    """What the node computes, or None if it is not seen."""
    formula = DOMAINS.get(node.domain, {}).get(node.op_type)
    return formula if formula and len(node.output) == 1 else None


def is_arithmetic(node: NodeProto) -> bool:
    return node.op_type in ARITHMETIC and node.domain in ("", "ai.onnx")


def apply(node: NodeProto, inputs: list[Any], kind: int) -> Expression:
    """The output of a node of this type, for expressions as inputs, None for those that are left
    out."""
    formula = formula_of(node)
    if formula is None:
        raise Unknown
    inputs_of, attributes = parameters(formula)
    inputs += [None] * (len(inputs_of) - len(inputs))
    found = dict(attributes)
    for attribute in node.attribute:
        if attribute.name not in attributes or attribute.ref_attr_name:
            raise Unknown
        found[attribute.name] = value_of(attribute)
    found = {name: rounded_attribute(value, kind) for name, value in found.items()}
    if len(inputs) > len(inputs_of):
        raise Unknown
    try:
        values = [
            as_expression(default) if given is None else given
            for given, default in zip(inputs, inputs_of, strict=True)
        ]
        return as_expression(formula(*values, **found))
    except (KeyError, TypeError, ArithmeticError):  # of an input or attribute that is not allowed
        raise Unknown from None


def value_of(attribute: AttributeProto) -> Any:
    value = helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value


def rounded_attribute(value: Any, kind: int) -> Any:
    """Attributes and their defaults are float32, and stand for numbers that were rounded to this.
    In float64 the difference would show."""
    if not isinstance(value, float):
        return value
    value = rounded(value, TensorProto.FLOAT)
    return number(
        value, 0.0 if kind == TensorProto.DOUBLE else rounding_error(value, TensorProto.FLOAT)
    )


class Reader:
    """Reads tensors as expressions of the tensor x; reading raises Unknown if there is no such
    expression. `nodes` are the nodes that it has read, by their outputs; `rank` is the largest rank
    of their constants."""

    def __init__(self, graph: Graph, x: str) -> None:
        self.graph, self.x = graph, x
        self.nodes: dict[str, NodeProto] = {}
        self.rank = 0
        self.known: dict[str, Expression] = {x: variable("x")}

    def read(self, name: str) -> Expression:
        if name not in self.known:
            self.known[name] = self.read_new(name)
        return self.known[name]

    def read_new(self, name: str) -> Expression:
        tensor = self.graph.constant(name)
        if tensor is not None:
            found = number_in(tensor)
            if found is None:
                raise Unknown
            self.rank = max(self.rank, len(tensor.dims))
            return number(found[0], rounding_error(*found))
        node = self.graph.maker(name)
        if node is None or name in self.nodes or len(self.nodes) >= MOST_NODES:
            raise Unknown
        self.nodes[name] = node
        casts = {"Cast": 1, "CastLike": 2} if node.domain in ("", "ai.onnx") else {}
        if casts.get(node.op_type) == len(node.input):
            return self.cast(node)
        if formula_of(node) is None:
            raise Unknown
        inputs = [self.read(each) if each else None for each in node.input]
        return apply(node, inputs, self.graph.type_of(name))

    def cast(self, node: NodeProto) -> Expression:
        """A constant in another type."""
        value = self.read(node.input[0]).constant()
        if node.op_type == "CastLike":
            kind = self.graph.type_of(node.input[1])
        else:
            kind = next((each.i for each in node.attribute if each.name == "to"), 0)
        if value is None or kind not in ROUNDING:
            raise Unknown
        cast = rounded(value.value, kind)
        return number(cast, rounding_error(cast, kind))


def candidates(graph: Graph, root: NodeProto) -> Iterator[str]:
    """The tensors of which the output of the root may be a function, the nearest first."""
    seen: dict[str, None] = {}
    todo = [root]
    expanded = 0
    only_arithmetic = True
    while todo and expanded < MOST_NODES:
        node = todo.pop(0)
        expanded += 1
        only_arithmetic &= is_arithmetic(node)
        for name in filter(None, node.input):
            if name not in seen and graph.constant(name) is None:
                seen[name] = None
                maker = graph.maker(name)
                if maker is not None and formula_of(maker):
                    todo.append(maker)
    if not only_arithmetic:
        yield from seen
