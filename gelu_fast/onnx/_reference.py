"""reference_ops, which runs operators in onnx.reference. It imports onnx when it is called."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .._core._ufuncs import ufuncs
from ._needs import import_onnx
from ._report import DOMAIN
from ._standard import STANDARD

if TYPE_CHECKING:
    from onnx.reference.op_run import OpRun


def reference_ops() -> list[type[OpRun]]:
    """Operators for `onnx.reference.ReferenceEvaluator`, whose own are slow.

    They are the operators of the domain gelu_fast, which `accelerate` writes, and the standard
    operators Elu, Erf, Gelu, HardSwish, LeakyRelu, Mish, Relu, Selu, Sigmoid, Softplus, Swish and
    Tanh with all their attributes. They have the bits of the ufuncs, and those with attributes the
    bits of `gelu_fast.functional`.

    Returns
    -------
    list of type
        Subclasses of `onnx.reference.op_run.OpRun`: the argument `new_ops` of ReferenceEvaluator.

    Raises
    ------
    ImportError
        If onnx is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> import onnx.parser
    >>> from onnx.reference import ReferenceEvaluator
    >>> from gelu_fast.onnx import reference_ops
    >>> model = onnx.parser.parse_model(\"\"\"
    ... <ir_version: 10, opset_import: ["": 20]>
    ... agraph (float[N] x) => (float[N] y) { y = Gelu (x) }
    ... \"\"\")
    >>> evaluator = ReferenceEvaluator(model, new_ops=reference_ops())
    >>> evaluator.run(None, {"x": np.float32([-1, 0, 2])})
    [array([-0.15865526,  0.        ,  1.9544997 ], dtype=float32)]
    """
    import_onnx("gelu_fast.onnx.reference_ops")
    return list(classes())


@cache
def classes() -> tuple[type[OpRun], ...]:
    return (
        *(operator(name, DOMAIN, ufunc) for name, ufunc in ufuncs().items()),
        *(operator(name, "", function) for name, function in STANDARD.items()),
    )


def operator(name: str, domain: str, function: Any) -> type[OpRun]:
    """The class of an operator that calls the function with its inputs and attributes."""
    from onnx.reference.op_run import OpRun

    def run(self: OpRun, *inputs: Any, **attributes: Any) -> tuple[Any, ...]:
        results = function(*inputs, **attributes)
        return results if isinstance(results, tuple) else (results,)

    doc = f"{name} of the domain {domain or 'ai.onnx'}, computed by gelu_fast."
    members = {"op_domain": domain, "_run": run, "__doc__": doc, "__module__": __name__}
    return type(name, (OpRun,), members)
