"""accelerate, which replaces the activation functions of a model. It imports onnx when it is
called."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ._needs import import_onnx
from ._report import Replacement

if TYPE_CHECKING:
    from onnx import ModelProto


def accelerate(
    model: ModelProto | str | os.PathLike[str], *, report: list[Replacement] | None = None
) -> ModelProto:
    """A copy of a model in which operators of gelu_fast compute the activation functions.

    It finds the functions of the table by what the nodes compute: in one operator, as Gelu of ONNX
    or FastGelu of com.microsoft, or in many, as those that exporters write for GELU with Erf or
    Tanh. Sums and products may be in any order, and constants may be rounded to the type of their
    tensors. A bias that is added before, and another tensor of the same shape that is multiplied
    after, become inputs of operators such as bias_gelu and swiglu. Values that other nodes use, or
    that are outputs, stay. Functions with other constants stay, as do tensors that are not of type
    float, double, float16 or bfloat16, or of unknown type, and piecewise linear functions such as
    Relu, which ONNX Runtime computes together with the operator before them.

    Graphs inside of nodes are changed too. If nodes in local functions are replaced, the local
    functions are inlined.

    Parameters
    ----------
    model : onnx.ModelProto, str or os.PathLike
        The model, which is not changed, or the file that contains it. External data of a file is
        read.
    report : list, optional
        A `Replacement` is appended to it for each new operator.

    Returns
    -------
    onnx.ModelProto
        The model with operators of the domain gelu_fast. ONNX Runtime runs it with the library of
        custom operators, `onnx.reference` with `reference_ops`. Each operator has the error bound
        of the ufunc of the same name; so the results differ from those of the old model by the
        rounding errors of both.

    Raises
    ------
    TypeError
        If `model` or `report` has another type.
    ValueError
        If onnx finds that the model is not valid. It does not look for every error.
    ImportError
        If onnx is not installed.

    Examples
    --------
    >>> import onnx.parser
    >>> from gelu_fast.onnx import accelerate
    >>> model = onnx.parser.parse_model(\"\"\"
    ... <ir_version: 10, opset_import: ["": 20]>
    ... agraph (float[N] x) => (float[N] y) { y = Gelu (x) }
    ... \"\"\")
    >>> report = []
    >>> [node] = accelerate(model, report=report).graph.node
    >>> node.domain, node.op_type
    ('gelu_fast', 'gelu')
    >>> report
    [Replacement(what='Gelu', function='gelu', output='y')]
    """
    onnx = import_onnx("gelu_fast.onnx.accelerate")
    from ._model import accelerated

    if report is not None and not isinstance(report, list):
        raise TypeError(f"report must be a list or None; got {type(report).__name__}")
    if isinstance(model, str | os.PathLike):
        model = onnx.load(model)
    elif not isinstance(model, onnx.ModelProto):
        raise TypeError(f"model must be an onnx.ModelProto or a path; got {type(model).__name__}")
    new, found = accelerated(model)
    if report is not None:
        report += found
    return new
