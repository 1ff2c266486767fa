"""Replaces the nodes of a graph that compute functions of the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from onnx import NodeProto, helper

from ._constants import rounded
from ._expressions import Unknown, is_piecewise_linear, variable
from ._functions import (
    Fusion,
    function_of_x,
    function_with_bias,
    function_with_parameter,
    fusions,
)
from ._graph import Graph, copy_of, graphs_in
from ._read import Reader, apply, candidates, formula_of, is_arithmetic
from ._report import DOMAIN, Replacement


class Found(NamedTuple):
    """A tensor is a function of x."""

    function: str
    x: str
    what: str  # the nodes that compute it, for the report
    parameter: float | None = None


class Rewriter:
    def __init__(self, graph: Graph, names: set[str]) -> None:
        self.graph, self.names = graph, names
        self.found: dict[str, Found] = {}
        self.report: dict[str, Replacement] = {}
        graph.start()
        self.replace_functions()
        self.fuse_gates()
        self.fuse_biases()
        graph.finish()

    # ---- Functions of x

    def replace_functions(self) -> None:
        """Goes from the outputs to the inputs, so that it meets the last node of a function before
        it meets functions inside of it."""
        for place in reversed(self.graph.places):
            if len(place) == 1 and formula_of(place[0]) and place[0].op_type != "Identity":
                self.replace_function(place[0])

    def replace_function(self, node: NodeProto) -> None:
        [output] = node.output
        if not self.graph.has_type(output):
            return
        if len(node.input) == 2 and not is_arithmetic(node) and self.replace_biased(node):
            return
        for x in candidates(self.graph, node):
            if self.graph.type_of(x) != self.graph.type_of(output):
                continue
            reader = Reader(self.graph, x)
            try:
                form = reader.read(output)
            except Unknown:
                continue
            if reader.rank > len(self.graph.shape_of(x) or ()):
                continue  # a constant of larger rank changes the shape
            what = description(reader.nodes.values())
            if function := function_of_x(form):
                self.found[output] = Found(function, x, what)
                # The runtime fuses the simplest functions with what comes before them.
                if not is_piecewise_linear(form):
                    self.put(node, what, function, [x])
                return
            if (pair := function_with_parameter(form)) and not is_piecewise_linear(form):
                function, parameter = pair
                kind = self.graph.type_of(x)
                if rounded(parameter, kind) == parameter:
                    name = self.new_name(f"{output}_parameter")
                    tensor = helper.make_tensor(name, kind, [], [parameter])
                    constant = helper.make_node("Constant", [], [name], name=name, value=tensor)
                    self.put(node, what, function, [x, name], constant)
                    return

    def replace_biased(self, node: NodeProto) -> bool:
        """Replaces an operator that adds a bias itself."""
        x, bias = variable("x"), variable("b")
        try:
            fusion = function_with_bias(
                apply(node, [x, bias], self.graph.type_of(node.output[0])), x, bias
            )
        except Unknown:
            return False
        if fusion is None or not all(node.input):
            return False
        self.put_fused(node, description([node]), fusion, node.input[0], node.input[1])
        return True

    # ---- What comes after and before

    def fuse_gates(self) -> None:
        gates, _ = fusions()
        for place in self.graph.places:
            if place and is_operator("Mul", place[-1]):
                node = place[-1]
                for gate, up in (node.input, node.input[::-1]):
                    found = self.found.get(gate)
                    if found and found.function in gates and self.graph.uses[gate] == 1:
                        if not self.graph.has_type(gate) or not self.same_shape(found.x, up):
                            continue
                        self.report.pop(gate, None)
                        what = f"{found.what} with product"
                        self.put_fused(node, what, gates[found.function], found.x, up)
                        break

    def same_shape(self, x: str, up: str) -> bool:
        """Whether the two have the same shape, as far as is known. If a small gate is multiplied
        with a large tensor, the function is computed once for each element of the small one."""
        one, other = self.graph.shape_of(x), self.graph.shape_of(up)
        if self.graph.constant(up) is not None or one is None or other is None:
            return False
        return len(one) == len(other) and all(
            a == b or (isinstance(a, str) and b != 1) or (isinstance(b, str) and a != 1)
            for a, b in zip(one, other, strict=True)
        )

    def fuse_biases(self) -> None:
        _, biases = fusions()
        for output in list(self.report):
            found, node = self.found.get(output), self.graph.maker(output)
            if not found or not node or node.op_type != found.function:
                continue
            fusion, add = biases.get(found.function), self.graph.maker(found.x)
            if fusion and add and self.graph.uses[found.x] == 1 and is_operator("Add", add):
                for x, bias in (add.input, add.input[::-1]):
                    tensor = self.graph.constant(bias)
                    if tensor and len(tensor.dims) == 1 and self.graph.constant(x) is None:
                        self.put_fused(node, f"{found.what} with bias", fusion, x, bias)
                        break

    # ---- Changes

    def put_fused(self, old: NodeProto, what: str, fusion: Fusion, x: str, other: str) -> None:
        inputs = {fusion.x: x, fusion.other: other}
        self.put(old, what, fusion.function, [inputs[name] for name in fusion.inputs])

    def put(
        self, old: NodeProto, what: str, function: str, inputs: list[str], *before: NodeProto
    ) -> None:
        new = copy_of(old)  # with its name, output and metadata
        new.op_type, new.domain = function, DOMAIN
        new.ClearField("overload")
        del new.attribute[:]
        del new.input[:]
        new.input.extend(inputs)
        self.graph.replace(old, *before, new)
        self.report[old.output[0]] = Replacement(what, function, old.output[0])

    def new_name(self, wanted: str) -> str:
        name, number = wanted, 0
        while name in self.names:
            number += 1
            name = f"{wanted}_{number}"
        self.names.add(name)
        return name


def is_operator(op_type: str, node: NodeProto) -> bool:
    """Whether the node is this operator of two tensors that are broadcast."""
    found = node.op_type == op_type and node.domain in ("", "ai.onnx")
    return found and len(node.input) == 2 and not node.attribute


def description(nodes: Iterable[NodeProto]) -> str:
    """The operators for the report: "Gelu", "Erf subgraph"."""
    nodes = list(nodes)
    seen = [node for node in nodes if formula_of(node) and not is_arithmetic(node)]
    names = sorted({f"{node.domain} {node.op_type}".lstrip() for node in seen})
    return ", ".join(names) + (" subgraph" if len(nodes) > 1 else "")


def rewrite(graph: Graph, inferred_nodes: list[NodeProto], names: set[str]) -> list[Replacement]:
    """Rewrites a graph, after the graphs in it."""
    report = []
    for node, inferred in zip(graph.proto.node, inferred_nodes, strict=True):
        for inner, types in zip(graphs_in(node), graphs_in(inferred), strict=True):
            report += rewrite(Graph(inner, types, graph, graph.ir), list(types.node), names)
    return report + list(Rewriter(graph, names).report.values())
