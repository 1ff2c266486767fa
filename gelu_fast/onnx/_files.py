"""Replaces the activation functions of a model in a file, for the command gelu-fast."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .._files.errors import Refused, blaming
from .._files.new_file import free_target, new_file
from ._needs import import_onnx
from ._report import Replacement

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, TensorProto


def accelerate_file(
    source: str, target: str, *, force: bool, check: Callable[[], None]
) -> list[Replacement]:
    """Writes the accelerated model of a file to another, and returns what was replaced. `check` is
    called between the steps and may raise."""
    import_onnx("gelu-fast onnx")
    from ._model import accelerated

    with blaming(source):
        if not stat.S_ISREG(os.stat(source).st_mode):
            raise Refused(f"{source!r}: not a regular file")
    path = free_target(source, target, force)
    model = read(source)
    check()
    folders = [os.path.dirname(os.path.realpath(name)) for name in (source, path)]
    if folders[0] != folders[1] and any(map(is_external, tensors(model.graph))):
        raise Refused(
            f"{target!r}: must be in the same folder as {source!r}, which has external data there"
        )
    try:
        new, report = accelerated(model)
    except ValueError as error:
        raise Refused(f"{source!r}: {' '.join(str(error).split())}") from error
    check()
    with new_file(path, force) as file:
        file.write(new.SerializeToString())
        check()
    return report


def read(source: str) -> ModelProto:
    """The model in a file, without its external data."""
    import onnx

    with blaming(source), open(source, "rb") as file:
        data = file.read()
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's DecodeError
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise Refused(f"{source!r}: not an ONNX model: {reason}") from error
    if not model.HasField("graph") or not model.ir_version:
        raise Refused(f"{source!r}: not an ONNX model: it has no graph")
    return model


def tensors(graph: GraphProto) -> Iterator[TensorProto]:
    """The tensors stored in a graph and in those in it."""
    from ._graph import graphs_in

    yield from graph.initializer
    for node in graph.node:
        yield from (attribute.t for attribute in node.attribute if attribute.HasField("t"))
        for inner in graphs_in(node):
            yield from tensors(inner)


def is_external(tensor: TensorProto) -> bool:
    return bool(tensor.data_location == tensor.EXTERNAL)
