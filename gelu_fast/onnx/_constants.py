"""The numbers in a model: initializers and constants, and how far rounding may have moved them."""

from __future__ import annotations

import math
from typing import Any

from onnx import NodeProto, TensorProto, helper, numpy_helper

# Half the distance of 1 and the next number: the largest relative error of rounding.
ROUNDING = {
    TensorProto.DOUBLE: 2.0**-53,
    TensorProto.FLOAT: 2.0**-24,
    TensorProto.FLOAT16: 2.0**-11,
    TensorProto.BFLOAT16: 2.0**-8,
}
INTEGERS = (TensorProto.INT32, TensorProto.INT64)


def rounding_error(value: float, kind: int) -> float:
    """The largest error of a number that was rounded to a type of ONNX, 0 if it is an integer or
    has so few bits that it was hardly rounded, as 0.5."""
    if kind in INTEGERS or not math.isfinite(value):
        return 0.0
    mantissa, _ = math.frexp(value)
    return 0.0 if (4 * mantissa).is_integer() else abs(value) * ROUNDING[kind]


def rounded(value: float, kind: int) -> float:
    """The value in a type of ONNX."""
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    return float(numpy_helper.to_array(helper.make_tensor("", kind, [], [value])).astype(dtype))


def number_in(tensor: TensorProto) -> tuple[float, int] | None:
    """(value, type) of a tensor with one element that is stored in the model, or None."""
    if tensor.data_location == TensorProto.EXTERNAL or math.prod(tensor.dims) != 1:
        return None
    if tensor.data_type not in (*ROUNDING, *INTEGERS):
        return None
    return float(numpy_helper.to_array(tensor).reshape(())), tensor.data_type


def tensor_of(node: NodeProto) -> TensorProto | None:
    """The tensor of a Constant node, or None if the node is another."""
    if node.op_type != "Constant" or node.domain not in ("", "ai.onnx") or len(node.attribute) != 1:
        return None
    [attribute] = node.attribute
    value: Any = helper.get_attribute_value(attribute)
    match attribute.name:
        case "value":
            return attribute.t
        case "value_float":
            return helper.make_tensor("", TensorProto.FLOAT, [], [value])
        case "value_floats":
            return helper.make_tensor("", TensorProto.FLOAT, [len(value)], value)
        case "value_int":
            return helper.make_tensor("", TensorProto.INT64, [], [value])
        case "value_ints":
            return helper.make_tensor("", TensorProto.INT64, [len(value)], value)
    return None
