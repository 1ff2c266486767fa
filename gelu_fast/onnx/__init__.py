"""gelu_fast in ONNX models.

`accelerate(model)` replaces the activation functions of a model by operators of the domain
gelu_fast. `get_library_path()` is the library with which ONNX Runtime runs these operators, and
`reference_ops()` runs them and the standard ones in `onnx.reference.ReferenceEvaluator`.

The operators have the names of the ufuncs, and their inputs and outputs in the same order; all
have one type: float, double, float16 or bfloat16. The inputs are broadcast.

`accelerate` and `reference_ops` need the package onnx, which `pip install 'gelu_fast[onnx]'`
installs.
"""

from ._accelerate import accelerate
from ._library import get_library_path
from ._reference import reference_ops
from ._report import Replacement, summary

__all__ = ["Replacement", "accelerate", "get_library_path", "reference_ops", "summary"]
