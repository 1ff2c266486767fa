"""`activation` returns the function that a framework means: the tests compare it with formulas in
float64, and with the framework itself if it is installed."""

import importlib
import math
import pickle
import re
import warnings
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

import gelu_fast
from gelu_fast import activation
from gelu_fast._frameworks.names import ALIASES, NAMES

SQRT_2_OVER_PI = math.sqrt(2 / math.pi)
X = np.concatenate([np.linspace(-12, 12, 97), np.geomspace(1e-3, 20, 20)])
GATE, UP = X, 8 * np.cos(X)
ROWS = [(framework, name) for framework, names in NAMES.items() for name in names]
ROWS = [row for row in ROWS if row[0] != "gelu_fast"]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def Phi(x):
    return np.array([math.erfc(-t / math.sqrt(2)) / 2 for t in x])


def gelu(x):
    return x * Phi(x)


def gelu_tanh(x):
    return x / (1 + np.exp(-2 * SQRT_2_OVER_PI * (x + 0.044715 * x**3)))


def gelu_quick(x):
    return x * sigmoid(1.702 * x)


def silu(x):
    return x * sigmoid(x)


def relu(x):
    return np.maximum(x, 0)


def leaky_relu(slope, x):
    return np.where(x > 0, x, slope * x)


def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def swiglu_oai(gate, up):
    gate = np.minimum(gate, 7)
    return gate * sigmoid(1.702 * gate) * (np.clip(up, -7, 7) + 1)


# The meaning of a name in all frameworks, without regard to case and underscores
MEANINGS = {
    "geluquick": gelu_quick,
    "geluerf": gelu,
    "gelupython": gelu,
    "gelunew": gelu_tanh,
    "gelufast": gelu_tanh,
    "fastgelu": gelu_tanh,
    "geluaccurate": gelu_tanh,
    "gelupytorchtanh": gelu_tanh,
    "gelupythontanh": gelu_tanh,
    "quickgelu": gelu_quick,
    "geluapprox": gelu_tanh,
    "gelufastapprox": gelu_quick,
    "biasgelu": lambda x, b: gelu(x + b),
    "gelu10": lambda x: np.clip(gelu(x), -10, 10),
    "silu": silu,
    "swish": silu,
    "scaledsilu": silu,
    "relu": relu,
    "relun1to1": lambda x: np.clip(x, -1, 1),
    "relu0to1": lambda x: np.clip(x, 0, 1),
    "relu6": lambda x: np.clip(x, 0, 6),
    "relu2": lambda x: relu(x) ** 2,
    "leakyrelu": partial(leaky_relu, 0.01),
    "mish": lambda x: x * np.tanh(np.logaddexp(0, x)),
    "softplus": lambda x: np.logaddexp(0, x),
    "elu": elu,
    "celu": elu,
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * elu(x)),
    "hardsilu": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "hardswish": lambda x: x * np.clip(x + 3, 0, 6) / 6,
    "hardsigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hardtanh": lambda x: np.clip(x, -1, 1),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "logistic": sigmoid,
    "erf": lambda x: np.array([math.erf(t) for t in x]),
    "erfc": lambda x: np.array([math.erfc(t) for t in x]),
    "logsigmoid": lambda x: -np.logaddexp(0, -x),
    "linear": lambda x: x,
    "identity": lambda x: x,
    "gegluerf": lambda g, u: gelu(g) * u,
    "geglutanh": lambda g, u: gelu_tanh(g) * u,
    "gegluquick": lambda g, u: gelu_quick(g) * u,
    "swiglu": lambda g, u: silu(g) * u,
    "reglu": lambda g, u: relu(g) * u,
    "swigluoai": swiglu_oai,
    "llmffnswigluoaimoe": swiglu_oai,
    "llmffnsilu": silu,
    "llmffngelu": gelu_tanh,
    "llmffnrelu": relu,
    "llmffnrelusqr": lambda x: relu(x) ** 2,
    "llmffnswiglu": lambda g, u: silu(g) * u,
    "llmffngeglu": lambda g, u: gelu_tanh(g) * u,
    "llmffnreglu": lambda g, u: relu(g) * u,
}
# The meaning of a name in one framework, for frameworks whose defaults differ
DEFAULTS = {
    **{(framework, "gelu"): gelu for framework in ("huggingface", "torch", "keras", "tf_keras")},
    **{(framework, "gelu"): gelu for framework in ("tensorflow", "mlx", "paddle")},
    **{(framework, "gelu"): gelu_tanh for framework in ("flax", "tensorflow-addons")},
    ("tflite", "GELU"): gelu,
    ("onnx", "Gelu"): gelu,
    ("onnxruntime", "Gelu"): gelu,
    ("keras.ops", "gelu"): gelu_tanh,
    ("jax", "gelu"): gelu_tanh,
    ("ggml", "GELU"): gelu_tanh,
    ("ggml", "GEGLU"): MEANINGS["geglutanh"],
    ("keras", "leaky_relu"): partial(leaky_relu, 0.2),
    ("keras.ops", "leaky_relu"): partial(leaky_relu, 0.2),
    ("tf_keras", "leaky_relu"): partial(leaky_relu, 0.2),
    ("tensorflow", "leaky_relu"): partial(leaky_relu, 0.2),
    ("tf_keras", "hard_sigmoid"): lambda x: np.clip(0.2 * x + 0.5, 0, 1),
    ("onnx", "HardSigmoid"): lambda x: np.clip(0.2 * x + 0.5, 0, 1),
}


@pytest.mark.parametrize(("framework", "name"), ROWS, ids=lambda value: value)
def test_values(framework, name):
    meaning = DEFAULTS.get((framework, name)) or MEANINGS[name.lower().replace("_", "")]
    function = activation(name, framework)
    arguments = (GATE, UP) if getattr(function, "nin", 1) == 2 else (X,)
    want = meaning(*arguments)
    np.testing.assert_allclose(function(*arguments), want, rtol=1e-13, atol=4e-16)
    out = np.empty(X.shape)
    assert function(*arguments, out=out) is out
    np.testing.assert_array_equal(out, function(*arguments))
    assert function(*(a.astype(np.float16) for a in arguments)).dtype == np.float16
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(function))(*arguments), out)


def test_own_names():
    """`activation` knows all names of gelu_fast, and binds the second parameters."""
    for name, ufunc in gelu_fast._core._ufuncs.ufuncs().items():
        function, again = activation(name), activation(name, "gelu_fast")
        if isinstance(function, partial):
            assert name in ("swish", "leaky_relu")
            assert (function.func, function.keywords) == (again.func, again.keywords)
        else:
            assert function is again
            assert function is ufunc or name == "swish"
    assert set(NAMES["gelu_fast"]) == set(gelu_fast._core._ufuncs.ufuncs())


@pytest.mark.parametrize("alias", ALIASES)
def test_aliases(alias):
    for name, meaning in NAMES[ALIASES[alias]].items():
        found, same = activation(name, alias), activation(name, ALIASES[alias])
        if meaning[1]:
            assert (found.func, found.keywords) == (same.func, same.keywords)
        else:
            assert found is same
    with pytest.raises(KeyError, match=f"no activation 'xyz' in {re.escape(alias)}: the activ"):
        activation("xyz", alias)


def test_hard_sigmoid():
    """Its slope is the float64 number 0.2: the results are within 1 ULP, in 16 bits rounded once,
    also where the sum cancels."""
    function = activation("HardSigmoid", "onnx")
    for dtype in (np.float16, np.float32, np.float64):
        x = np.concatenate([-2.5 + np.geomspace(1e-16, 1, 200), X]).astype(dtype)
        exact = [min(max(Fraction(0.2) * Fraction(float(t)) + Fraction(1, 2), 0), 1) for t in x]
        got = function(x)
        assert got.dtype == dtype
        for value, want in zip(got.astype(np.float64), exact, strict=True):
            nearest = dtype(float(want))
            assert abs(Fraction(float(value)) - want) <= Fraction(float(np.spacing(nearest)))
    x = np.array([-np.inf, -1e308, -0.0, 5e-324, 1e308, np.inf])
    with np.errstate(all="raise"):
        assert function(x).tolist() == [0, 0, 0.5, 0.5, 1, 1]
        assert np.isnan(function(np.nan))


def test_without_a_framework():
    assert activation("gelu") is gelu_fast.gelu
    assert activation("gelu_new") is gelu_fast.gelu_tanh
    assert activation("quick_gelu") is gelu_fast.gelu_quick
    assert activation("HardSwish") is gelu_fast.hardswish
    assert activation("relu2") is gelu_fast.relu_squared
    assert activation("gelu_approx") is gelu_fast.gelu_tanh
    assert activation("gelu_fast_approx") is gelu_fast.gelu_quick
    assert activation("LOGISTIC") is gelu_fast.sigmoid
    assert activation("BiasGelu") is gelu_fast.bias_gelu
    assert activation("Erf") is gelu_fast.erf
    assert activation("swish") is gelu_fast.silu
    assert activation("leaky_relu")([-1.0]) == -0.01
    assert activation("linear")([True, False]).dtype == np.float16  # as numpy.exp


AMBIGUOUS = {
    "GELU": "gelu in gelu_fast, .*; gelu_tanh in keras.ops, jax, flax, ggml, tensorflow-addons",
    "Gelu": "needs a framework",
    "GEGLU": "geglu in gelu_fast; geglu_tanh in ggml",
    "LeakyRelu": r"leaky_relu\(negative_slope=0.2\) in keras, keras.ops, tensorflow, tf_keras",
    "hard_sigmoid": r"hardsigmoid in .*; hard_sigmoid\(slope=0.2, offset=0.5\) in onnx, tf_keras",
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_ambiguous(name):
    """A name of other frameworks that means two different functions is an error."""
    with pytest.raises(KeyError, match=AMBIGUOUS[name]):
        activation(name)


UNKNOWN = {
    ("gelu_nwe", None): "no activation 'gelu_nwe': did you mean 'gelu_new'",
    ("QUIKGELU", None): "did you mean 'quick_gelu'",
    (
        "softmax2000",
        None,
    ): "the frameworks are gelu_fast, huggingface, torch, keras, keras.ops, jax",
    ("geluu", "ggml"): "no activation 'geluu' in ggml: did you mean 'GELU'",
    ("relu2", "torch"): "no activation 'relu2' in torch: it is one of huggingface",
    ("laplace", "huggingface"): "in huggingface: the activations are .*gelu_new",
    ("gelu", "pytorch"): "no framework 'pytorch': did you mean 'torch'",
    ("gelu", "xyz"): "no framework 'xyz': the frameworks are",
    ("", None): "the frameworks are",
}


@pytest.mark.parametrize(("name", "framework"), UNKNOWN)
def test_unknown(name, framework):
    with pytest.raises(KeyError, match=UNKNOWN[name, framework]):
        activation(name, framework)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [((None,), "name must be a string; got NoneType"), (("gelu", 1), "framework must be a string")],
)
def test_types(arguments, message):
    with pytest.raises(TypeError, match=message):
        activation(*arguments)


# ---- The frameworks themselves


def module_of(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name, reason=f"{name} is not installed")


def from_huggingface(name):
    torch = module_of("torch")
    function = module_of("transformers.activations").ACT2FN[name]
    return lambda x: function(torch.from_numpy(x)).detach().numpy()


def from_torch(name):
    torch = module_of("torch")
    function = getattr(torch.nn.functional, name)
    return lambda x: function(torch.from_numpy(x)).numpy()


def from_keras(name):
    function = getattr(module_of("keras").activations, name)
    return lambda x: module_of("keras").ops.convert_to_numpy(function(x))


def from_keras_ops(name):
    function = getattr(module_of("keras").ops, name)
    return lambda x: module_of("keras").ops.convert_to_numpy(function(x))


def from_jax(name):
    function = getattr(module_of("jax").nn, name)
    return lambda x: np.asarray(function(x))


def onnx_model(name, domain, inputs):
    onnx = module_of("onnx")
    ends = [
        onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, [None])
        for n in [*inputs, "out"]
    ]
    node = onnx.helper.make_node(name, inputs, ["out"], domain=domain)
    graph = onnx.helper.make_graph([node], name, ends[:-1], ends[-1:])
    opsets = [onnx.helper.make_opsetid(domain, 1)] if domain else None
    return onnx.helper.make_model(graph, opset_imports=opsets, ir_version=10)


def inputs_of(name, framework):
    return ["gate", "up"][: getattr(activation(name, framework), "nin", 1)]


def from_onnx(name):
    inputs = inputs_of(name, "onnx")
    model = onnx_model(name, "", inputs)
    evaluator = importlib.import_module("onnx.reference").ReferenceEvaluator(model)
    return lambda *x: evaluator.run(None, dict(zip(inputs, x, strict=True)))[0]


def from_onnxruntime(name):
    inputs = inputs_of(name, "com.microsoft")
    model = onnx_model(name, "com.microsoft", inputs).SerializeToString()
    runtime = module_of("onnxruntime")
    try:
        session = runtime.InferenceSession(model)
    except runtime.capi.onnxruntime_pybind11_state.NotImplemented:
        pytest.skip(f"this onnxruntime has no {name} for CPUs")
    return lambda *x: session.run(None, dict(zip(inputs, x, strict=True)))[0]


def from_flax(name):
    module = "flax.nnx" if name == "identity" else "flax.linen"
    function = getattr(module_of(module), name)
    return lambda x: np.asarray(function(x))


def from_mlx(name):
    mx = module_of("mlx.core")
    function = getattr(importlib.import_module("mlx.nn"), name)
    return lambda x: np.array(function(mx.array(x)))


def from_tflite(name):
    interpreter = module_of("ai_edge_litert.interpreter").Interpreter(
        model_content=lite_model(name)
    )
    interpreter.resize_tensor_input(0, X.shape)
    interpreter.allocate_tensors()

    def compute(x):
        interpreter.set_tensor(0, x)
        interpreter.invoke()
        return interpreter.get_tensor(1)

    return compute


def lite_model(name):
    """A model of one operator with its default attributes."""
    schema, flatbuffers = module_of("ai_edge_litert.schema_py_generated"), module_of("flatbuffers")
    code = schema.OperatorCodeT()
    code.builtinCode = getattr(schema.BuiltinOperator, name)
    code.deprecatedBuiltinCode = min(code.builtinCode, 127)
    operator = schema.OperatorT()
    operator.inputs, operator.outputs = [0], [1]
    if name == "GELU":
        operator.builtinOptionsType = schema.BuiltinOptions.GeluOptions
        operator.builtinOptions = schema.GeluOptionsT()
    tensors = [schema.TensorT(), schema.TensorT()]
    for tensor in tensors:
        tensor.shape, tensor.type = [1], schema.TensorType.FLOAT32
    graph = schema.SubGraphT()
    graph.tensors, graph.operators, graph.inputs, graph.outputs = tensors, [operator], [0], [1]
    model = schema.ModelT()
    model.version, model.operatorCodes, model.subgraphs = 3, [code], [graph]
    model.buffers = [schema.BufferT()]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


PEERS = {
    "flax": from_flax,
    "mlx": from_mlx,
    "tflite": from_tflite,
    "huggingface": from_huggingface,
    "torch": from_torch,
    "keras": from_keras,
    "keras.ops": from_keras_ops,
    "jax": from_jax,
    "onnx": from_onnx,
    "onnxruntime": from_onnxruntime,
}


@pytest.mark.parametrize(
    ("framework", "name"), [row for row in ROWS if row[0] in PEERS], ids=lambda value: value
)
def test_framework(framework, name):
    """In float32 the errors are far smaller than the differences between two functions."""
    function = activation(name, framework)
    arguments = (GATE, UP) if getattr(function, "nin", 1) == 2 else (X,)
    arguments = [argument.astype(np.float32) for argument in arguments]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = PEERS[framework](name)(*arguments)
    np.testing.assert_allclose(function(*arguments), want, rtol=1e-5, atol=2e-6)
