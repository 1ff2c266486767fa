"""Copies a model, finds the types of its tensors and rewrites its graphs."""

from __future__ import annotations

import math

import onnx
import onnx.checker
import onnx.inliner
import onnx.shape_inference
from onnx import GraphProto, ModelProto

from ._graph import Graph, copy_of, graphs_in
from ._report import DOMAIN, VERSION, Replacement
from ._rewrite import rewrite

SMALL = 1024  # elements; shapes and the like, whose values shape inference needs


def accelerated(model: ModelProto) -> tuple[ModelProto, list[Replacement]]:
    """A copy of the model with replaced nodes, and what was replaced."""
    new, light = ModelProto(), without_weights(model)
    new.CopyFrom(model)
    try:
        if model.functions:
            light = onnx.inliner.inline_local_functions(light)
            put_nodes(new, light)
        inferred = onnx.shape_inference.infer_shapes(light)
    except onnx.checker.ValidationError as error:  # for example of functions that call themselves
        raise ValueError(f"model is not valid: {error}") from error
    except onnx.shape_inference.InferenceError:
        inferred = light
    report = rewrite(
        Graph(new.graph, inferred.graph, None, model.ir_version),
        list(inferred.graph.node),
        names_in(new.graph),
    )
    if not report:  # local functions stay as they are
        new.CopyFrom(model)
    elif all(each.domain != DOMAIN for each in new.opset_import):
        new.opset_import.append(onnx.helper.make_opsetid(DOMAIN, VERSION))
    return new, report


def without_weights(model: ModelProto) -> ModelProto:
    """The model with inputs in the place of large initializers: the C++ functions of onnx take at
    most 2 GiB."""
    light = ModelProto(ir_version=model.ir_version)
    light.opset_import.extend(model.opset_import)
    light.functions.extend(model.functions)
    graph, inputs = model.graph, {info.name for info in model.graph.input}
    light.graph.name = graph.name
    light.graph.node.extend(graph.node)
    light.graph.input.extend(graph.input)
    light.graph.output.extend(graph.output)
    light.graph.value_info.extend(graph.value_info)
    light.graph.sparse_initializer.extend(graph.sparse_initializer)
    for tensor in graph.initializer:
        if math.prod(tensor.dims) <= SMALL:
            light.graph.initializer.append(tensor)
        elif tensor.name not in inputs:
            info = onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
            light.graph.input.append(info)
    return light


def put_nodes(model: ModelProto, inlined: ModelProto) -> None:
    """Gives the model the nodes of the one whose local functions were inlined."""
    nodes = [copy_of(node) for node in inlined.graph.node]
    del model.graph.node[:], model.graph.value_info[:], model.functions[:], model.opset_import[:]
    model.graph.node.extend(nodes)
    model.graph.value_info.extend(inlined.graph.value_info)
    model.functions.extend(inlined.functions)
    model.opset_import.extend(inlined.opset_import)


def names_in(graph: GraphProto) -> set[str]:
    """The names of all tensors in a graph and in those in it."""
    names = {tensor.name for tensor in graph.initializer} | {each.name for each in graph.input}
    for node in graph.node:
        names.update(node.output)
        for inner in graphs_in(node):
            names |= names_in(inner)
    return names
