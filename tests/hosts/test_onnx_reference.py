"""gelu_fast.onnx.reference_ops in onnx.reference: the node tests of the onnx package, and the bits
of the ufuncs for every function and dtype."""

import re
import warnings
from functools import cache

import numpy as np
import pytest
from support.bits import assert_same_bits, inputs
from support.table import DTYPES, NAMES, ROW

import gelu_fast
import gelu_fast.functional as F
from gelu_fast.onnx import reference_ops

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

from onnx import TensorProto, helper  # noqa: E402
from onnx.backend.test.case.node import collect_testcases  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402

TYPES = {
    "float32": TensorProto.FLOAT,
    "float64": TensorProto.DOUBLE,
    "float16": TensorProto.FLOAT16,
    "bfloat16": TensorProto.BFLOAT16,
}
STANDARD = ["Elu", "Erf", "Gelu", "HardSwish", "LeakyRelu", "Mish", "Relu", "Selu", "Sigmoid"]
STANDARD += ["Softplus", "Swish", "Tanh"]


def model(op_type, nin, nout, dtype="float32", domain="", opset=24, **attributes):
    names = [f"x{i}" for i in range(nin)], [f"y{i}" for i in range(nout)]
    node = helper.make_node(op_type, *names, domain=domain, **attributes)
    values = [[helper.make_tensor_value_info(n, TYPES[dtype], None) for n in ns] for ns in names]
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("gelu_fast", 1)]
    graph = helper.make_graph([node], "graph", *values)
    return helper.make_model(graph, opset_imports=opsets)


def run(model, *operands):
    evaluator = ReferenceEvaluator(model, new_ops=reference_ops())
    return evaluator.run(None, {f"x{i}": x for i, x in enumerate(operands)})


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_function(name, dtype):
    operands = inputs(ROW[name, dtype], 300)
    ufunc = getattr(gelu_fast, name)
    got = run(model(name, ufunc.nin, ufunc.nout, dtype, "gelu_fast"), *operands)
    wanted = ufunc(*operands)
    for a, b in zip(got, wanted if ufunc.nout > 1 else [wanted], strict=True):
        assert_same_bits(a, b)


# ---- The node tests of onnx


def operators(model):
    return {node.op_type for node in model.graph.node}


@cache
def node_tests():
    """{name: case} of the tests of the operators, and of the formulas by which ONNX defines
    them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = {case.name: case for case in collect_testcases() if case.kind == "node"}
    plain = [name for name, case in cases.items() if operators(case.model) <= {*STANDARD}]
    return {name: case for name, case in cases.items() if plain_name(name) in plain}


def plain_name(name):
    return name.partition("_expanded")[0]


def test_count():
    assert len(node_tests()) >= 43


@pytest.mark.parametrize("op_type", STANDARD)
def test_node_tests(op_type):
    found = [
        case
        for name, case in node_tests().items()
        if operators(node_tests()[plain_name(name)].model) == {op_type}
    ]
    assert found
    for case in found:
        check_node_test(case)


def check_node_test(case):
    calls = []

    def counted(cls):
        def run(self, *operands, **attributes):
            calls.append(cls.__name__)
            return cls._run(self, *operands, **attributes)

        return type(cls.__name__, (cls,), {"_run": run})

    evaluator = ReferenceEvaluator(case.model, new_ops=[*map(counted, reference_ops())])
    for operands, wanted in case.data_sets:
        feeds = dict(zip(evaluator.input_names, operands, strict=True))
        for a, b in zip(evaluator.run(None, feeds), wanted, strict=True):
            assert a.dtype == b.dtype, case.name
            assert a.shape == b.shape, case.name
            np.testing.assert_allclose(a, b, case.rtol, case.atol, err_msg=case.name)
    assert set(calls) == operators(case.model) & {*STANDARD}, case.name


# ---- Attributes and types that the node tests leave out

X = np.array([-np.inf, -14.0, -3.0, -0.5, -0.0, 0.0, 0.5, 25.0, np.inf, np.nan])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("op_type", "attributes", "function"),
    [
        ("Elu", {"alpha": 0.5}, lambda x: F.elu(x, 0.5)),
        ("Elu", {"alpha": 0.0}, lambda x: F.elu(x, 0.0)),
        ("Elu", {}, gelu_fast.elu),
        ("LeakyRelu", {"alpha": 0.25}, lambda x: F.leaky_relu(x, 0.25)),
        ("LeakyRelu", {}, lambda x: F.leaky_relu(x, float(np.float32(0.01)))),
        ("Gelu", {"approximate": "tanh"}, gelu_fast.gelu_tanh),
        ("Gelu", {}, gelu_fast.gelu),
        ("Selu", {}, gelu_fast.selu),
        ("Softplus", {}, gelu_fast.softplus),
        ("Swish", {}, gelu_fast.silu),
        ("Swish", {"alpha": 2.0}, lambda x: gelu_fast.swish(x, x.dtype.type(2))),
    ],
)
def test_attributes(op_type, attributes, function, dtype):
    x = X.astype(dtype)
    [got] = run(model(op_type, 1, 1, dtype, **attributes), x)
    assert_same_bits(got, function(x))


@pytest.mark.parametrize("dtype", DTYPES)
def test_selu_with_attributes(dtype):
    x = np.array([-3.0, -0.5, 0.0, 0.5, 2.0], dtype)
    [got] = run(model("Selu", 1, 1, dtype, alpha=2.0, gamma=3.0), x)
    wide = x.astype(np.float64)
    wanted = np.where(wide > 0, 3 * wide, 6 * np.expm1(wide)).astype(dtype)
    np.testing.assert_allclose(got.astype(float), wanted.astype(float), rtol=4 * 2.0**-53)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64"])
def test_relu_of_integers(dtype):
    info = np.iinfo(dtype)
    x = np.array([info.min, -1, 0, 1, info.max], dtype)
    node = helper.make_node("Relu", ["x0"], ["y0"])
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    values = [[helper.make_tensor_value_info(name, kind, [5])] for name in ("x0", "y0")]
    [got] = run(helper.make_model(helper.make_graph([node], "graph", *values)), x)
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, [0, 0, 0, 1, info.max])


def test_a_new_list_each_time():
    assert reference_ops() is not reference_ops()
    assert reference_ops() == reference_ops()
    for cls in reference_ops():
        assert issubclass(cls, onnx.reference.op_run.OpRun)
        assert re.search(rf"^{cls.__name__} of the domain", cls.__doc__)
