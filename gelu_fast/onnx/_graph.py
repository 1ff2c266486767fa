"""A graph of a model whose nodes can be replaced: who makes and who uses each tensor, its type and
its shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from onnx import AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto

from ._constants import ROUNDING, tensor_of
from ._operators import DOMAINS

Shape: TypeAlias = tuple[int | str, ...]


class Graph:
    """`inferred` is the same graph with the types that shape inference found, `outer` the graph
    that contains a node with this graph. The names in `before` were used before the graph or the
    graphs in it were changed."""

    def __init__(self, proto: GraphProto, inferred: GraphProto, outer: Graph | None, ir: int):
        self.proto, self.outer, self.ir = proto, outer, ir
        # A node that is replaced leaves its place to one or more nodes, of which the last has its
        # output.
        self.places: list[list[NodeProto]] = [[node] for node in proto.node]
        self.types: dict[str, int] = {}
        self.shapes: dict[str, Shape] = {}
        self.before = set(self.uses_now())
        for info in [*inferred.input, *inferred.value_info, *inferred.output]:
            self.read_type(info)
        self.inputs = {info.name for info in proto.input}
        self.tensors = {
            tensor.name: tensor
            for tensor in proto.initializer
            if ir < 4 or tensor.name not in self.inputs
        }
        for tensor in proto.initializer:
            self.types[tensor.name] = tensor.data_type
            self.shapes[tensor.name] = tuple(tensor.dims)
        for node in proto.node:
            tensor = tensor_of(node)
            if (
                node.op_type == "Identity" and len(node.input) == 1
            ):  # exporters write it where two initializers are equal
                tensor = self.constant(node.input[0])
            if tensor is not None:
                self.tensors[node.output[0]] = tensor
                self.types[node.output[0]] = tensor.data_type
        self.spread_types()

    def start(self) -> None:
        """Counts uses, after the graphs in this one have been changed."""
        self.uses = self.uses_now()
        self.makers = {
            name: place for place, [node] in enumerate(self.places) for name in node.output if name
        }
        for name in self.before - set(self.uses):
            self.drop_unused(name)

    # ---- What is known about a tensor

    def read_type(self, info: ValueInfoProto) -> None:
        if info.type.HasField("tensor_type") and info.type.tensor_type.elem_type:
            self.types[info.name] = info.type.tensor_type.elem_type
            if info.type.tensor_type.HasField("shape"):
                dims = info.type.tensor_type.shape.dim
                self.shapes[info.name] = tuple(
                    dim.dim_value if dim.HasField("dim_value") else dim.dim_param for dim in dims
                )

    def spread_types(self) -> None:
        """Gives all operands of an operator the type of one, which is the same. Shape inference
        knows nothing about operators of other domains and what depends on them."""
        for _ in range(2):
            for nodes in (self.proto.node, reversed(self.proto.node)):
                for node in nodes:
                    if node.op_type in DOMAINS.get(node.domain, {}):
                        inputs = node.input[:1] if node.op_type == "Pow" else node.input
                        names = [name for name in [*inputs, *node.output] if name]
                        found = next(filter(None, map(self.type_of, names)), 0)
                        if found:
                            self.types.update({name: self.type_of(name) or found for name in names})

    def type_of(self, name: str) -> int:
        """The type of a tensor, 0 if it is unknown."""
        if name in self.types:
            return self.types[name]
        return self.outer.type_of(name) if self.outer and not self.is_here(name) else 0

    def shape_of(self, name: str) -> Shape | None:
        """The lengths of the axes, or their names, which are empty if nothing is known; or None."""
        if name in self.shapes:
            return self.shapes[name]
        return self.outer.shape_of(name) if self.outer and not self.is_here(name) else None

    def is_here(self, name: str) -> bool:
        if not hasattr(self, "names_here"):
            self.names_here = {name for node in self.proto.node for name in node.output}
            self.names_here |= self.inputs | {tensor.name for tensor in self.proto.initializer}
        return name in self.names_here

    def has_type(self, name: str) -> bool:
        """Whether the tensor has a type that the operators take."""
        return self.type_of(name) in ROUNDING

    def constant(self, name: str) -> TensorProto | None:
        """The tensor of an initializer or a constant, or None."""
        if name in self.tensors:
            return self.tensors[name]
        return self.outer.constant(name) if self.outer and not self.is_here(name) else None

    def maker(self, name: str) -> NodeProto | None:
        """The node of this graph that makes a tensor, or None."""
        place = self.makers.get(name)
        return None if place is None else self.places[place][-1]

    # ---- Changes

    def uses_now(self) -> Counter[str]:
        """How often each tensor is used in this graph and in those in it."""
        uses = Counter(output.name for output in self.proto.output)
        for nodes in self.places:
            for node in nodes:
                uses.update(used_by(node))
        return uses

    def replace(self, old: NodeProto, *nodes: NodeProto) -> None:
        """Puts nodes in the place of one; the last has its output. Removes what only it used."""
        place = self.makers[old.output[0]]
        self.places[place] = [*nodes]
        made = {name for node in nodes for name in node.output}
        self.makers.update(dict.fromkeys(made, place))
        for node in nodes:
            self.uses.update(used_by(node))
        self.give_up(old)

    def give_up(self, node: NodeProto) -> None:
        for name in used_by(node):
            self.uses[name] -= 1
            if not self.uses[name]:
                self.drop_unused(name)

    def drop_unused(self, name: str) -> None:
        """Removes the node that makes a tensor, if nothing uses any tensor that it makes."""
        node = self.maker(name)
        if node is None or any(self.uses[output] for output in node.output):
            return
        self.places[self.makers[name]] = []
        for output in node.output:
            self.makers.pop(output, None)
        self.give_up(node)

    def finish(self) -> None:
        """Writes the nodes to the graph, and removes what is said about tensors that are gone."""
        nodes = [node for place in self.places for node in place]
        gone = {name for node in self.proto.node for name in node.output}
        gone -= {name for node in nodes for name in node.output}
        uses = self.uses_now()
        gone |= {
            tensor.name
            for tensor in self.proto.initializer
            if tensor.name in self.before and not uses[tensor.name]
        } - self.inputs
        nodes = [copy_of(node) for node in nodes]
        del self.proto.node[:]
        self.proto.node.extend(nodes)
        for field in (self.proto.initializer, self.proto.value_info):
            for index in reversed(range(len(field))):
                if field[index].name in gone:
                    del field[index]
        notes = self.proto.quantization_annotation
        for index in reversed(range(len(notes))):
            if notes[index].tensor_name in gone:
                del notes[index]


def copy_of(node: NodeProto) -> NodeProto:
    copy = NodeProto()
    copy.CopyFrom(node)
    return copy


def graphs_in(node: NodeProto) -> list[GraphProto]:
    """The graphs that are attributes of a node, such as the body of a loop."""
    found = []
    for attribute in node.attribute:
        if attribute.type == AttributeProto.GRAPH:
            found.append(attribute.g)
        elif attribute.type == AttributeProto.GRAPHS:
            found.extend(attribute.graphs)
    return found


def used_by(node: NodeProto) -> Iterator[str]:
    """The tensors that a node uses; of the graphs in it, also those that are their own."""
    yield from filter(None, node.input)
    for graph in graphs_in(node):
        yield from (output.name for output in graph.output)
        for inner in graph.node:
            yield from used_by(inner)
