"""gelu_fast.onnx.accelerate: it finds every form of a function, keeps everything else, and never
changes what a model computes."""

import itertools
import math
import re
from functools import cache

import numpy as np
import pytest
from support import ROOT
from support.bits import assert_same_bits
from support.hosts import run_python
from support.table import COMPOUNDS, ROWS

import gelu_fast
from gelu_fast._core.dtypes import finfo
from gelu_fast.onnx import Replacement, accelerate, reference_ops, summary

onnx = pytest.importorskip("onnx", reason="onnx is not installed")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402

X = np.concatenate([np.linspace(-6, 6, 121), [-14.0, 20.0]])
TYPES = {"float": "float32", "double": "float64", "float16": "float16", "bfloat16": "bfloat16"}
MICROSOFT = '"com.microsoft": 1'


def parse(body, inputs="x", constants=None, dtype="float", opset=22, outputs="y", shape="N"):
    """A model with the nodes of the text `body`, and constants as initializers of the dtype."""
    listed = ", ".join(f"{dtype}[{shape}] {name}" for name in inputs.split())
    results = ", ".join(f"{dtype}[{shape}] {name}" for name in outputs.split())
    model = onnx.parser.parse_model(
        f'<ir_version: 10, opset_import: ["": {opset}, {MICROSOFT}]>\n'
        f"agraph ({listed}) => ({results}) {{ {body} }}"
    )
    for name, value in (constants or {}).items():
        array = np.asarray(value, np.float64).astype(TYPES[dtype])
        model.graph.initializer.append(numpy_helper.from_array(array, name))
    return model


def accelerated(model):
    """(new model, report), after checks that hold for every model."""
    before = model.SerializeToString()
    report = []
    new = accelerate(model, report=report)
    assert model.SerializeToString() == before
    onnx.checker.check_model(new)
    ours = [node for node in new.graph.node if node.domain == "gelu_fast"]
    assert {node.op_type for node in ours} <= {each.function for each in report}
    assert ("gelu_fast" in [each.domain for each in new.opset_import]) == bool(report)
    if not report:
        assert new == model
    assert [*new.graph.input] == [*model.graph.input]
    assert [*new.graph.output] == [*model.graph.output]
    return new, report


def operators(model):
    return [node.op_type for node in model.graph.node]


def run(model, *operands):
    names = [each.name for each in model.graph.input]
    evaluator = ReferenceEvaluator(model, new_ops=reference_ops())
    return evaluator.run(None, dict(zip(names, operands, strict=True)))


def replaced(model):
    """The operators of the accelerated model."""
    return operators(accelerated(model)[0])


# ---- What the functions are, in float64

FORMULAS = {
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "erf": math.erf,
    "gelu": lambda x: x * math.erfc(-x / math.sqrt(2)) / 2,
    "gelu_quick": lambda x: x * sigmoid(1.702 * x),
    "gelu_tanh": lambda x: x * sigmoid(math.sqrt(8 / math.pi) * (x + 0.044715 * x**3)),
    "hardswish": lambda x: x * min(max(x + 3, 0), 6) / 6,
    "mish": lambda x: x * math.tanh(math.log1p(math.exp(x))),
    "ndtr": lambda x: math.erfc(-x / math.sqrt(2)) / 2,
    "relu_squared": lambda x: max(x, 0) ** 2,
    "selu": lambda x: (
        1.0507009873554804934 * (x if x > 0 else 1.6732632423543772848 * math.expm1(x))
    ),
    "sigmoid": lambda x: sigmoid(x),
    "silu": lambda x: x * sigmoid(x),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "tanh": math.tanh,
}


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


@cache
def bound(function, dtype):
    [found] = [
        r.bound_ulp for r in [*ROWS, *COMPOUNDS] if (r.function, r.dtype) == (function, dtype)
    ]
    return found


def check_values(function, model, dtype="float32"):
    """The model computes the function of x: within its bound, and a float64 rounding error."""
    x = X.astype(dtype)
    [got] = run(model, x)
    wanted = np.array([FORMULAS[function](float(each)) for each in x])
    info = finfo(dtype)
    exponent = np.floor(np.log2(np.maximum(np.abs(wanted), float(info.tiny))))
    ulp = float(info.eps) * 2.0**exponent
    error = np.abs(got.astype(np.float64) - wanted)
    # The last term is the error of the formula, next to 1 and times x.
    assert np.all(
        error <= (bound(function, dtype) + 0.01) * ulp + 2.0**-51 * np.abs(x.astype(float))
    )


# ---- Forms

HALF, SQRT2, TANH_SCALE = 0.5, math.sqrt(2), math.sqrt(2 / math.pi)
CONSTANTS = {
    "half": HALF,
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "six": 6.0,
    "root": SQRT2,
    "inverse_root": 1 / SQRT2,
    "scale": TANH_SCALE,
    "twice": 2 * TANH_SCALE,
    "cubic": 0.044715,
    "quick": 1.702,
    "zero": 0.0,
    "ten": 10.5,
}


def erf_forms():
    """Every order of factors: (x * 0.5) * (...), x * (... * 0.5), (x * ...) * 0.5, with both orders
    of each sum and product, and two ways to divide by sqrt(2)."""
    for scaled, swap in itertools.product(
        ["s = Div(x, root)", "s = Mul(x, inverse_root)", "s = Mul(inverse_root, x)"], [False, True]
    ):

        def op(name, a, b, swap=swap):
            return f"{name}({b}, {a})" if swap else f"{name}({a}, {b})"

        start = f"{scaled} e = Erf(s) p = {op('Add', 'e', 'one')} "
        yield start + f"h = {op('Mul', 'x', 'half')} y = {op('Mul', 'h', 'p')}"
        yield start + f"h = {op('Mul', 'p', 'half')} y = {op('Mul', 'x', 'h')}"
        yield start + f"h = {op('Mul', 'x', 'p')} y = {op('Mul', 'h', 'half')}"
        yield start + "h = Mul(x, p) y = Div(h, two)"
        yield start + "h = Div(p, two) y = Mul(h, x)"
    yield "s = Div(x, root) e = Erf(s) h = Mul(x, half) g = Mul(e, h) y = Add(g, h)"
    yield "n = Neg(x) s = Div(n, root) e = Erf(s) p = Sub(one, e) h = Mul(x, half) y = Mul(p, h)"
    yield "r = Sqrt(two) s = Div(x, r) e = Erf(s) p = Add(e, one) h = Mul(half, x) y = Mul(h, p)"


def tanh_forms():
    cubes = [
        "c = Pow(x, three)",
        "q = Mul(x, x) c = Mul(q, x)",
        "q = Mul(x, x) c = Mul(x, q)",
        "q = Pow(x, two) c = Mul(q, x)",
    ]
    inners = [
        "k = Mul(c, cubic) a = Add(x, k) t = Mul(a, scale)",
        "k = Mul(cubic, c) a = Add(k, x) t = Mul(scale, a)",
    ]
    outers = [
        "u = Tanh(t) p = Add(u, one) h = Mul(x, half) y = Mul(h, p)",
        "u = Tanh(t) p = Add(one, u) h = Mul(half, p) y = Mul(x, h)",
        "u = Tanh(t) p = Add(one, u) h = Mul(x, p) y = Mul(half, h)",
    ]
    for parts in itertools.product(cubes, inners, outers):
        yield " ".join(parts)
    for outer in outers:
        yield (
            "q = Mul(x, x) k = Mul(cubic, q) b = Add(one, k) l = Mul(x, scale) t = Mul(l, b) "
            + outer
        )
    yield (
        "c = Pow(x, three) k = Mul(c, cubic) a = Add(x, k) t = Mul(a, twice) "
        "u = Sigmoid(t) y = Mul(x, u)"
    )


FORMS = [
    *(("gelu", form) for form in erf_forms()),
    *(("gelu_tanh", form) for form in tanh_forms()),
    ("gelu", "y = Gelu(x)"),
    ("gelu", 'y = Gelu<approximate = "none">(x)'),
    ("gelu_tanh", 'y = Gelu<approximate = "tanh">(x)'),
    ("gelu", "y = com.microsoft.Gelu(x)"),
    ("gelu_tanh", "y = com.microsoft.FastGelu(x)"),
    ("gelu_quick", "y = com.microsoft.QuickGelu(x)"),
    ("gelu_quick", "y = com.microsoft.QuickGelu<alpha = 1.702>(x)"),
    ("silu", "y = com.microsoft.QuickGelu<alpha = 1.0>(x)"),
    ("gelu_quick", "t = Mul(x, quick) s = Sigmoid(t) y = Mul(x, s)"),
    ("gelu_quick", "t = Mul(quick, x) s = Sigmoid(t) y = Mul(s, x)"),
    ("silu", "s = Sigmoid(x) y = Mul(x, s)"),
    ("silu", "s = Sigmoid(x) y = Mul(s, x)"),
    ("silu", "n = Neg(x) e = Exp(n) p = Add(e, one) y = Div(x, p)"),
    ("silu", "n = Neg(x) e = Exp(n) p = Add(one, e) r = Reciprocal(p) y = Mul(x, r)"),
    ("sigmoid", "y = Sigmoid(x)"),
    ("sigmoid", "h = Mul(x, half) t = Tanh(h) p = Add(t, one) y = Mul(p, half)"),
    ("sigmoid", "n = Neg(x) e = Exp(n) p = Add(one, e) y = Div(one, p)"),
    ("mish", "y = Mish(x)"),
    ("mish", "s = Softplus(x) t = Tanh(s) y = Mul(x, t)"),
    ("mish", "e = Exp(x) p = Add(one, e) s = Log(p) t = Tanh(s) y = Mul(t, x)"),
    ("hardswish", "y = HardSwish(x)"),
    ("hardswish", "a = Add(x, three) c = Clip(a, zero, six) d = Div(c, six) y = Mul(x, d)"),
    ("hardswish", "a = Add(x, three) c = Clip(a, zero, six) m = Mul(x, c) y = Div(m, six)"),
    ("hardswish", "a = Add(x, three) r = Relu(a) c = Min(six, r) m = Mul(x, c) y = Div(m, six)"),
    ("hardswish", "h = HardSigmoid<alpha = 0.16666667>(x) y = Mul(x, h)"),
    ("elu", "y = Elu(x)"),
    ("elu", "y = Elu<alpha = 1.0>(x)"),
    ("elu", "y = Celu(x)"),
    ("softplus", "y = Softplus(x)"),
    ("softplus", "e = Exp(x) p = Add(e, one) y = Log(p)"),
    ("tanh", "y = Tanh(x)"),
    ("erf", "y = Erf(x)"),
    ("ndtr", "s = Div(x, root) e = Erf(s) p = Add(e, one) y = Mul(p, half)"),
    ("relu_squared", "r = Relu(x) y = Mul(r, r)"),
    ("relu_squared", "r = Relu(x) y = Pow(r, two)"),
    ("relu_squared", "i = Constant<value_int = 2>() r = Relu(x) y = Pow(r, i)"),
]


def with_constants(body, dtype="float", **changed):
    used = {name: value for name, value in CONSTANTS.items() if re.search(rf"\b{name}\b", body)}
    return parse(body, constants=used | changed, dtype=dtype)


@pytest.mark.parametrize(("function", "body"), FORMS, ids=[f"{n}: {b}" for n, b in FORMS])
def test_forms(function, body):
    model = with_constants(body)
    new, report = accelerated(model)
    assert [(node.domain, node.op_type) for node in new.graph.node] == [("gelu_fast", function)]
    assert [(each.function, each.output) for each in report] == [(function, "y")]
    assert [*new.graph.initializer] == []
    check_values(function, new)
    if "microsoft" not in body and function not in ("mish", "softplus"):  # exp(x) overflows
        [old], [got] = run(model, X.astype("f")), run(new, X.astype("f"))
        np.testing.assert_allclose(old, got, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", TYPES)
def test_dtypes(dtype):
    """Constants are rounded to the dtype of the tensors."""
    bodies = {form[0]: form[1] for form in FORMS[::-1]}
    bodies["gelu_quick"] = "t = Mul(x, quick) s = Sigmoid(t) y = Mul(x, s)"
    for function, body in bodies.items():
        new, _ = accelerated(with_constants(body, dtype))
        assert operators(new) == [function], body
        check_values(function, new, TYPES[dtype])


@pytest.mark.parametrize(
    "body",
    [
        "y = com.microsoft.QuickGelu(x)",
        "h = HardSigmoid<alpha = 0.16666667>(x) y = Mul(x, h)",
        "d = Cast<to = 11>(c) t = Mul(x, d) s = Sigmoid(t) y = Mul(x, s)",
    ],
)
def test_numbers_of_float32_beside_float64(body):
    """They are other numbers than those of the functions, because nothing rounds them."""
    model = parse(body, dtype="double")
    model.graph.initializer.append(numpy_helper.from_array(np.float32(1.702), "c"))
    found = {each.function for each in accelerated(model)[1]}
    assert found <= {"swish"}
    if found:
        [got], x = run(accelerate(model), X), np.float64(np.float32(1.702))
        assert_same_bits(got, gelu_fast.swish(X, x))


def test_selu():
    """Its attributes are float32: in float64 they are other numbers than those of selu."""
    for dtype in ("float", "float16", "bfloat16"):
        new, _ = accelerated(parse("y = Selu(x)", dtype=dtype))
        assert operators(new) == ["selu"]
        check_values("selu", new, TYPES[dtype])
    assert replaced(parse("y = Selu(x)", dtype="double")) == ["Selu"]


@pytest.mark.parametrize(
    "constant",
    [
        "c = Constant<value = float {0.70710677}>()",
        "c = Constant<value = float[1] {0.70710677}>()",
        "c = Constant<value_float = 0.70710677>()",
        "c = Constant<value_floats = [0.70710677]>()",
        "d = Constant<value = double {0.7071067811865476}>() c = Cast<to = 1>(d)",
        "d = Constant<value = double {0.7071067811865476}>() c = CastLike(d, x)",
        "d = Constant<value_float = 0.70710677>() c = Identity(d)",
        "d = Constant<value_float = 1.4142135>() c = Reciprocal(d)",
    ],
)
def test_constants(constant):
    body = f"{constant} s = Mul(x, c) e = Erf(s) p = Add(e, one) h = Mul(x, half) y = Mul(h, p)"
    model = parse(body, constants={"one": 1.0, "half": 0.5})
    new, report = accelerated(model)
    assert operators(new) == ["gelu"]
    assert summary(report) == ["1 x Erf subgraph -> gelu"]
    check_values("gelu", new)


# ---- With a parameter


@pytest.mark.parametrize(
    ("body", "opset"),
    [
        ("y = Swish<alpha = 0.75>(x)", 24),
        ("y = com.microsoft.QuickGelu<alpha = 0.75>(x)", 22),
        ("c = Constant<value_float = 0.75>() t = Mul(c, x) s = Sigmoid(t) y = Mul(x, s)", 22),
    ],
)
@pytest.mark.parametrize("dtype", ["float", "float16"])
def test_swish(body, opset, dtype):
    if "Constant" in body and dtype == "float16":
        body = body.replace("c = Constant<value_float = 0.75>()", "")
    constants = {"c": 0.75} if "Mul(c" in body and "Constant" not in body else None
    new, report = accelerated(parse(body, constants=constants, opset=opset, dtype=dtype))
    assert operators(new) == ["Constant", "swish"]
    assert report[0].function == "swish"
    x = X.astype(TYPES[dtype])
    assert_same_bits(run(new, x)[0], gelu_fast.swish(x, x.dtype.type(0.75)))


@pytest.mark.parametrize(("alpha", "function"), [(1.0, "silu"), (1.702, "gelu_quick")])
def test_swish_without_parameter(alpha, function):
    model = parse(f"y = Swish<alpha = {alpha}>(x)", opset=24)
    assert replaced(model) == [function]


def test_parameter_that_the_dtype_would_round():
    model = parse("y = com.microsoft.QuickGelu<alpha = 0.7>(x)", dtype="float16")
    assert replaced(model) == ["QuickGelu"]


def test_parameters_have_new_names():
    body = "y_parameter = Relu(x) y = com.microsoft.QuickGelu<alpha = 0.75>(y_parameter)"
    new, _ = accelerated(parse(body))
    assert operators(new) == ["Relu", "Constant", "swish"]


# ---- Near misses

NEAR = [
    *((form, name) for form in [*erf_forms()][:5] for name in ("root", "inverse_root", "one")),
    (next(erf_forms()), "half"),
    *((form, name) for form in [*tanh_forms()][::5] for name in ("scale", "cubic", "one", "half")),
    ("a = Add(x, three) c = Clip(a, zero, six) d = Div(c, six) y = Mul(x, d)", "three"),
    ("a = Add(x, three) c = Clip(a, zero, six) d = Div(c, six) y = Mul(x, d)", "zero"),
    ("a = Add(x, three) c = Clip(a, zero, six) d = Div(c, six) y = Mul(x, d)", "six"),
    ("n = Neg(x) e = Exp(n) p = Add(e, one) y = Div(x, p)", "one"),
    ("e = Exp(x) p = Add(e, one) y = Log(p)", "one"),
    ("h = Mul(x, half) t = Tanh(h) p = Add(t, one) y = Mul(p, half)", "one"),
]
NEAR = [(body, name) for body, name in NEAR if re.search(rf"\b{name}\b", body)]
SINGLE = {"erf", "tanh", "sigmoid"}  # what is left of a near miss


@pytest.mark.parametrize("dtype", ["float", "double", "float16"])
@pytest.mark.parametrize(("body", "name"), NEAR)
def test_near_misses(body, name, dtype):
    changed = CONSTANTS[name] * 1.004 + (0.004 if name == "zero" else 0)
    model = with_constants(body, dtype, **{name: changed})
    new, report = accelerated(model)
    assert {each.function for each in report} <= SINGLE
    x = np.clip(X, -6, 6).astype(TYPES[dtype])
    [old], [got] = run(model, x), run(new, x)
    eps = float(finfo(TYPES[dtype]).eps)
    np.testing.assert_allclose(old.astype(float), got.astype(float), rtol=8 * eps, atol=80 * eps)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("s = Div(x, root) e = Erf(s) p = Add(e, one) y = Mul(x, p)", {"erf"}),  # no 0.5
        ("s = Div(x, two) e = Erf(s) p = Add(e, one) h = Mul(x, half) y = Mul(h, p)", {"erf"}),
        ("s = Div(x, root) e = Erf(s) p = Sub(e, one) h = Mul(x, half) y = Mul(h, p)", {"erf"}),
        ("s = Div(x, root) e = Erf(s) p = Sub(one, e) h = Mul(x, half) y = Mul(h, p)", {"erfc"}),
        ("q = Add(x, ten) s = Div(root, q) e = Erf(s) p = Add(e, one) h = Mul(q, half) "
         "y = Mul(h, p)", {"erf"}),
        ("q = Mul(x, x) k = Mul(q, cubic) a = Add(x, k) t = Mul(a, scale) u = Tanh(t) "
         "p = Add(u, one) h = Mul(x, half) y = Mul(h, p)", {"tanh"}),
        ("s = Sigmoid(x) q = Mul(x, x) y = Mul(q, s)", {"glu"}),
        ("s = Sigmoid(x) y = Div(x, s)", {"sigmoid"}),
        ("s = Sigmoid(x) y = Add(x, s)", {"sigmoid"}),
        ("s = Softplus(x) t = Tanh(s) y = Add(x, t)", {"softplus", "tanh"}),
        ("y = Elu<alpha = 0.5>(x)", set()),
        ("y = Celu<alpha = 0.5>(x)", set()),
        ("y = Selu<alpha = 1.5>(x)", set()),
        ("y = Selu<gamma = 1.0>(x)", set()),
        ("y = LeakyRelu(x)", set()),
        ("h = HardSigmoid(x) y = Mul(x, h)", set()),
        ("y = Relu(x)", set()),
        ("y = Clip(x, zero, six)", set()),
        ("y = Add(x, one)", set()),
        ("c = Exp(x) y = Mul(c, x)", set()),
        ("e = Exp(x) p = Add(e, one) y = Div(x, p)", set()),  # x * sigmoid(-x)
        ("m = Max(x, half) y = Exp(m)", set()),
        ("m = Min(x, half) y = Exp(m)", set()),
    ],
)  # fmt: skip
def test_other_functions(body, wanted):
    model = with_constants(body)
    new, report = accelerated(model)
    assert {each.function for each in report} == wanted
    [old], [got] = run(model, X.astype("f")), run(new, X.astype("f"))
    np.testing.assert_allclose(old, got, rtol=1e-5, atol=1e-5)


# ---- The bias and the gate

BIAS = np.linspace(-1, 1, 5)


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize(
    ("function", "body"),
    [
        ("bias_gelu", "y = Gelu(z)"),
        ("bias_gelu_tanh", 'y = Gelu<approximate = "tanh">(z)'),
        ("bias_gelu", "s = Div(z, root) e = Erf(s) p = Add(e, one) h = Mul(z, half) y = Mul(h, p)"),
        ("bias_silu", "s = Sigmoid(z) y = Mul(z, s)"),
    ],
)
def test_bias(function, body, swap):
    used = {name: value for name, value in CONSTANTS.items() if re.search(rf"\b{name}\b", body)}
    add = "z = Add(b, x)" if swap else "z = Add(x, b)"
    new, report = accelerated(parse(f"{add} {body}", constants=used | {"b": BIAS}, shape="N, 5"))
    assert operators(new) == [function]
    assert [*new.graph.node[0].input] == ["x", "b"]
    assert [each.name for each in new.graph.initializer] == ["b"]
    assert report[0].what.endswith(" with bias")
    x = np.float32(X[:120].reshape(-1, 5))
    assert_same_bits(run(new, x)[0], getattr(gelu_fast, function)(x, np.float32(BIAS)))


def test_bias_that_is_a_copy():
    new, _ = accelerated(parse("c = Identity(b) z = Add(c, x) y = Gelu(z)", constants={"b": BIAS}))
    assert operators(new) == ["Identity", "bias_gelu"]
    assert [*new.graph.node[1].input] == ["x", "c"]


@pytest.mark.parametrize(
    ("function", "body"),
    [
        ("bias_gelu", "y = com.microsoft.BiasGelu(x, b)"),
        ("bias_gelu_tanh", "y = com.microsoft.FastGelu(x, b)"),
    ],
)
def test_operators_with_bias(function, body):
    new, _ = accelerated(parse(body, inputs="x b"))
    assert operators(new) == [function]
    x = np.float32(X)
    assert_same_bits(run(new, x, x)[0], getattr(gelu_fast, function)(x, x))


@pytest.mark.parametrize(
    ("body", "constants", "inputs", "outputs"),
    [
        ("z = Add(x, b) y = Gelu(z)", {}, "x b", "y"),  # no constant
        ("z = Add(x, b) y = Gelu(z)", {"b": [BIAS]}, "x", "y"),  # two axes
        ("z = Add(x, b) y = Gelu(z) w = Relu(z)", {"b": BIAS}, "x", "y w"),  # used elsewhere
        ("z = Add(x, b) y = Gelu(z)", {"b": BIAS}, "x", "y z"),  # an output
        ("z = Sub(x, b) y = Gelu(z)", {"b": BIAS}, "x", "y"),
    ],
)
def test_bias_stays(body, constants, inputs, outputs):
    model = parse(body, inputs, constants, outputs=outputs, shape="N, 5")
    assert replaced(model)[:2] == [model.graph.node[0].op_type, "gelu"]


GATES = {
    "geglu": "g = Gelu(x)",
    "geglu_tanh": 'g = Gelu<approximate = "tanh">(x)',
    "geglu_quick": "g = com.microsoft.QuickGelu(x)",
    "swiglu": "s = Sigmoid(x) g = Mul(x, s)",
    "reglu": "g = Relu(x)",
    "glu": "g = Sigmoid(x)",
}


def test_every_gate_of_the_table_is_tested():
    """Those that are a function of gate times up."""
    gates = [row for row in COMPOUNDS if row.inputs == ("gate", "up")]
    gates = [row.function for row in gates if row.definition.endswith(" * up")]
    assert GATES.keys() == {*gates}


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("function", GATES)
def test_gates(function, swap):
    product = "y = Mul(w, g)" if swap else "y = Mul(g, w)"
    new, report = accelerated(parse(f"{GATES[function]} {product}", inputs="x w"))
    assert operators(new) == [function]
    assert [*new.graph.node[0].input] == ["x", "w"]
    assert report[0].what.endswith(" with product")
    x, w = np.float32(X), np.float32(X[::-1])
    assert_same_bits(run(new, x, w)[0], getattr(gelu_fast, function)(x, w))


@pytest.mark.parametrize(
    ("body", "outputs"),
    [
        ("g = Gelu(x) y = Mul(g, w)", "y g"),
        ("g = Gelu(x) y = Mul(g, w) z = Relu(g)", "y z"),
        ("g = Gelu(x) y = Mul(g, g)", "y"),
        ("g = Gelu(x) y = Add(g, w)", "y"),
        ("g = Gelu(x) y = Mul(g, c)", "y"),
    ],
)
def test_gate_stays(body, outputs):
    constants = {"c": 3.0} if "c)" in body else {}
    model = parse(body, "x w", constants, outputs=outputs)
    new, report = accelerated(model)
    assert operators(new) == ["gelu", *operators(model)[1:]]
    assert [each.function for each in report] == ["gelu"]


@pytest.mark.parametrize(
    ("gate", "up", "fused"),
    [
        ("N, 4", "N, 4", True),
        ("N, M", "N, 4", True),
        ("N, 1", "N, 4", False),  # as in squeeze-and-excitation: one sigmoid for four products
        ("N, 4", "N, 1", False),
        ("4", "N, 4", False),
        ("N, M", "N, 1", False),
    ],
)
def test_shapes_of_gates(gate, up, fused):
    text = (
        f'<ir_version: 10, opset_import: ["": 20]>\nagraph (float[{gate}] x, float[{up}] w) => '
        "(float[N, 4] y) { g = Sigmoid(x) y = Mul(g, w) }"
    )
    assert replaced(onnx.parser.parse_model(text)) == (["glu"] if fused else ["sigmoid", "Mul"])


# ---- What stays


def test_values_that_others_need():
    body = "s = Div(x, root) e = Erf(s) p = Add(e, one) h = Mul(x, half) y = Mul(h, p) w = Relu(p)"
    used = {name: CONSTANTS[name] for name in ("root", "one", "half")}
    new, report = accelerated(parse(body, constants=used, outputs="y w h"))
    assert operators(new) == ["Div", "erf", "Add", "Mul", "gelu", "Relu"]
    assert [each.name for each in new.graph.initializer] == ["root", "one", "half"]
    assert {each.function for each in report} == {"gelu", "erf"}


def test_names_and_metadata():
    model = parse("a = Relu(x) y = Gelu(a)")
    node = model.graph.node[1]
    node.name, node.doc_string = "last", "about it"
    node.metadata_props.add(key="a", value="b")
    model.metadata_props.add(key="c", value="d")
    model.producer_name, model.doc_string, model.domain = "us", "a model", "org"
    model.graph.doc_string = "a graph"
    info = helper.make_tensor_value_info("a", TensorProto.FLOAT, ["N"])
    model.graph.value_info.append(info)
    new, _ = accelerated(model)
    assert new.graph.node[0] == model.graph.node[0]
    wanted = helper.make_node("gelu", ["a"], ["y"], domain="gelu_fast")
    wanted.name, wanted.doc_string = "last", "about it"
    wanted.metadata_props.add(key="a", value="b")
    assert new.graph.node[1] == wanted
    del new.graph.node[:], model.graph.node[:]
    del new.opset_import[-1]
    assert new == model


def test_what_is_said_about_removed_tensors():
    body = "s = Sigmoid(x) y = Mul(x, s)"
    model = parse(body, constants={"unused": 1.0})
    info = helper.make_tensor_value_info("s", TensorProto.FLOAT, ["N"])
    model.graph.value_info.append(info)
    model.graph.quantization_annotation.add(tensor_name="s")
    new, _ = accelerated(model)
    assert [*new.graph.value_info] == []
    assert [*new.graph.quantization_annotation] == []
    assert [each.name for each in new.graph.initializer] == ["unused"]  # it was so before


def test_twice():
    new, _ = accelerated(parse("z = Add(x, b) y = Gelu(z)", constants={"b": BIAS}))
    again, report = accelerate(new), []
    assert accelerate(new, report=report) == again == new
    assert report == []


@pytest.mark.parametrize("ir", [3, 10])
def test_initializers_that_are_inputs(ir):
    """A caller can give such an initializer another value, except in the oldest models."""
    body = "s = Div(x, root) e = Erf(s) p = Add(e, one) h = Mul(x, half) y = Mul(h, p)"
    model = parse(body, "x root", {name: CONSTANTS[name] for name in ("root", "one", "half")})
    if ir == 3:
        model.ir_version = 3
        model.graph.input.extend(
            helper.make_tensor_value_info(name, TensorProto.FLOAT, []) for name in ("one", "half")
        )
    model.graph.input[1].type.tensor_type.ClearField("shape")
    model.graph.input[1].type.tensor_type.shape.SetInParent()
    new, _ = accelerated(model)
    assert ("gelu" in operators(new)) == (ir == 3)
    assert "root" in [each.name for each in new.graph.initializer]


@pytest.mark.parametrize("kind", ["int32", "float8e4m3fn"])
def test_other_types(kind):
    model = onnx.parser.parse_model(
        f'<ir_version: 10, opset_import: ["": 20, {MICROSOFT}]>\n'
        f"agraph ({kind}[N] x) => ({kind}[N] y) {{ y = com.microsoft.Gelu(x) }}"
    )
    assert replaced(model) == ["Gelu"]


def test_unknown_types():
    """Nothing is known about the output of an operator of another domain, unless a constant is
    added to it."""
    body = "u = com.microsoft.Whatever(x) g = com.microsoft.Gelu(u) y = com.microsoft.Whatever(g)"
    model = parse(body, opset=20)
    assert replaced(model) == ["Whatever", "Gelu", "Whatever"]
    body = "u = com.microsoft.Whatever(x) v = Add(u, one) g = Gelu(v) y = Cast<to = 1>(g)"
    assert replaced(parse(body, constants={"one": 1.0})) == ["Whatever", "Add", "gelu", "Cast"]


@pytest.mark.parametrize(
    ("shape", "found"), [([], True), ([1], True), ([1, 1], False), ([2], False)]
)
def test_shape_of_constants(shape, found):
    """A constant with more axes than x changes the shape of the result."""
    body = "s = Div(x, root) e = Erf(s) p = Add(e, one) h = Mul(x, half) y = Mul(h, p)"
    constants = {"root": np.full(shape, SQRT2), "one": 1.0, "half": 0.5}
    model = parse(body, constants=constants)
    del model.graph.output[0].type.tensor_type.shape.dim[:]
    model.graph.output[0].type.tensor_type.ClearField("shape")
    report = []
    accelerate(model, report=report)
    assert ("gelu" in [each.function for each in report]) == found


# ---- Graphs in graphs, local functions

BRANCHES = """
<ir_version: 10, opset_import: ["": 20]>
agraph (float[N] x, bool b, float root) => (float[N] y, float[N] w)
<float one = {1.0}, float half = {0.5}>
{
  half_x = Mul(x, half)
  y = If (b) <
    then_branch = yes () => (float[N] a) {
      c = Constant<value_float = 1.4142135>()
      s = Div(x, c) e = Erf(s) p = Add(e, one) a = Mul(half_x, p)
    },
    else_branch = no () => (float[N] a) { s = Sigmoid(x) a = Mul(x, s) }
  >
  z = Add(x, one) v = Sigmoid(z) w = Mul(z, v)
}
"""


def test_branches():
    """half_x is made outside, so it is no x there; constants outside are constants inside."""
    model = onnx.parser.parse_model(BRANCHES.replace("half_x, p", "q, p").replace(
        "a = Mul(q", "q = Mul(x, half) a = Mul(q"))  # fmt: skip
    new, report = accelerated_graphs(model)
    [yes, no] = [attribute.g for attribute in new.graph.node[1].attribute]
    assert [node.op_type for node in yes.node] == ["gelu"]
    assert [node.op_type for node in no.node] == ["silu"]
    assert operators(new) == ["Mul", "If", "Add", "silu"]
    assert [each.name for each in new.graph.initializer] == ["one", "half"]
    assert [each.function for each in report] == ["gelu", "silu", "silu"]
    check_branches(model, new)


def test_branches_that_use_values_outside():
    model = onnx.parser.parse_model(BRANCHES)
    new, report = accelerated_graphs(model)
    assert [each.function for each in report] == ["erf", "silu", "silu"]
    assert operators(new) == ["Mul", "If", "Add", "silu"]
    check_branches(model, new)


def accelerated_graphs(model):
    report = []
    new = accelerate(model, report=report)
    onnx.checker.check_model(new)
    return new, report


def check_branches(model, new):
    x = np.float32(X)
    for flag in (True, False):
        operands = x, np.bool_(flag), np.float32(1)
        for old, got in zip(run(model, *operands), run(new, *operands), strict=True):
            np.testing.assert_allclose(got, old, rtol=1e-5, atol=1e-6)


def test_loop():
    text = """
    <ir_version: 10, opset_import: ["": 20]>
    agraph (float[4] x) => (float[4] y)
    <int64 n = {3}, bool yes = {1}>
    {
      y = Loop (n, yes, x) <body = body (int64 i, bool c, float[4] a) => (bool d, float[4] b) {
        d = Identity(c) s = Softplus(a) t = Tanh(s) b = Mul(a, t)
      }>
    }
    """
    model = onnx.parser.parse_model(text)
    new, report = accelerated_graphs(model)
    assert [each.function for each in report] == ["mish"]
    x = np.float32([-1, 0, 2, 5])
    wanted = gelu_fast.mish(gelu_fast.mish(gelu_fast.mish(x)))
    assert_same_bits(run(new, x)[0], wanted)
    np.testing.assert_allclose(run(model, x)[0], wanted, rtol=1e-5)


LOCAL = """
<ir_version: 10, opset_import: ["": 20, "local": 1]>
agraph (float[N] x) => (float[N] y) { z = local.act(x) w = local.other(z) y = local.act(w) }
<opset_import: ["": 20], domain: "local">
act (x) => (y) { s = Sigmoid(x) y = Mul(x, s) }
<opset_import: ["": 20], domain: "local">
other (x) => (y) { y = Relu(x) }
"""


def test_local_functions():
    model = onnx.parser.parse_model(LOCAL)
    new, report = accelerated_graphs(model)
    assert operators(new) == ["silu", "Relu", "silu"]
    assert summary(report) == ["2 x Sigmoid subgraph -> silu"]
    x = np.float32(X)
    np.testing.assert_allclose(run(new, x)[0], run(model, x)[0], rtol=1e-5, atol=1e-6)


def test_local_functions_stay_if_nothing_is_replaced():
    model = onnx.parser.parse_model(LOCAL.replace("Sigmoid", "Sin"))
    assert accelerate(model) == model


def test_recursive_functions():
    """A model with them is not valid."""
    recursive = LOCAL.replace("s = Sigmoid(x) y = Mul(x, s)", "y = local.act(x)")
    with pytest.raises(ValueError, match=r"^model is not valid: Cycle detected"):
        accelerate(onnx.parser.parse_model(recursive))


@pytest.mark.parametrize(
    ("op_type", "count"),
    [("Mul", 1), ("Mul", 3), ("Add", 0), ("Gelu", 0), ("Gelu", 2), ("Identity", 0), ("Cast", 0),
     ("CastLike", 1), ("Pow", 0), ("Constant", 0)],
)  # fmt: skip
def test_wrong_number_of_inputs(op_type, count):
    """Such a node is left alone."""
    model = parse("a = Gelu(x) y = Mul(a, w) z = Gelu(y)", "x w", outputs="z")
    node = model.graph.node[1]
    node.op_type = op_type
    del node.input[:]
    node.input.extend(["a"] * count)
    new = accelerate(model)
    assert new.graph.node[-2] == node


# ---- Files, arguments, large models


def test_path(tmp_path):
    model = parse("y = Gelu(x)")
    onnx.save(model, tmp_path / "model.onnx")
    for path in (tmp_path / "model.onnx", str(tmp_path / "model.onnx")):
        assert accelerate(path) == accelerate(model)


def with_weights(n=1 << 16):
    weights = np.linspace(-1, 1, n)
    return parse(
        "m = Mul(x, weights) z = Add(m, b) y = Gelu(z)", "x", {"weights": weights, "b": weights}
    )


def test_external_data(tmp_path):
    model = with_weights()
    onnx.save(model, tmp_path / "model.onnx", save_as_external_data=True, location="weights.bin")
    new = accelerate(tmp_path / "model.onnx")
    assert operators(new) == ["Mul", "bias_gelu"]
    assert new.graph.initializer[0].data_location == TensorProto.DEFAULT
    kept = onnx.load(tmp_path / "model.onnx", load_external_data=False)
    assert accelerate(kept).graph.initializer == kept.graph.initializer


def test_constants_in_other_files_are_unknown():
    model = with_constants(FORMS[0][1])
    for tensor in model.graph.initializer:
        if tensor.name == "root":
            tensor.ClearField("raw_data")
            tensor.data_location = TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="data")
    report = []
    accelerate(model, report=report)
    assert [each.function for each in report] == ["erf"]


@pytest.mark.parametrize("model", [None, b"model", 3])
def test_wrong_model(model):
    with pytest.raises(TypeError, match=r"^model must be an onnx\.ModelProto or a path; got "):
        accelerate(model)


def test_wrong_report():
    with pytest.raises(TypeError, match=r"^report must be a list or None; got tuple$"):
        accelerate(parse("y = Gelu(x)"), report=())


def test_report():
    report = ["before"]
    accelerate(parse("y = Gelu(x)"), report=report)
    assert report == ["before", Replacement("Gelu", "gelu", "y")]
    assert summary([*report[1:], *report[1:]]) == ["2 x Gelu -> gelu"]


# ---- Random graphs

OPERATORS = ["Add", "Sub", "Mul", "Div", "Neg", "Pow", "Erf", "Tanh", "Sigmoid", "Softplus", "Relu"]
OPERATORS += ["Exp", "Log", "Reciprocal", "Min", "Max", "Identity", "Gelu", "Mish", "HardSwish"]
OF_ONE = {"Neg", "Identity", "Relu", "Exp", "Log", "Reciprocal", "Erf", "Tanh", "Sigmoid"}
OF_ONE |= {"Softplus", "Gelu", "Mish", "HardSwish"}


def random_graph(rng):
    """Operators on what was computed last, mostly, so that formulas come about by chance."""
    names, body, constants = ["x"], [], [name for name in CONSTANTS if name != "zero"]
    for i in range(rng.integers(2, 12)):
        op_type = OPERATORS[rng.integers(len(OPERATORS))]
        recent = [*names[-3:], "x"]
        first = recent[rng.integers(len(recent))]
        others = recent + [constants[rng.integers(len(constants))] for _ in range(2)]
        second = "two" if op_type == "Pow" else others[rng.integers(len(others))]
        operands = [first] if op_type in OF_ONE else [first, second]
        if op_type not in ("Pow", "Sub", "Div") and rng.integers(2):
            operands.reverse()
        body.append(f"t{i} = {op_type}({', '.join(operands)})")
        names.append(f"t{i}")
    return " ".join([*body, f"y = Identity({names[-1]})"])


@pytest.mark.slow
def test_random_graphs():
    """In float64, with one set of operators for both models, so that only a changed function makes
    a difference."""
    rng = np.random.default_rng(0)
    x, found = np.linspace(-3, 3, 41), set()
    for _ in range(400):
        body = random_graph(rng)
        model = with_constants(body, "double")
        new, report = accelerated(model)
        found |= {each.function for each in report}
        with np.errstate(all="ignore"):
            [old], [got] = run(model, x), run(new, x)
        finite = np.isfinite(old) & np.isfinite(got) & (np.abs(old) < 1e6)
        np.testing.assert_allclose(old[finite], got[finite], 1e-6, 1e-6, err_msg=body)
    assert len(found) >= 8


@pytest.mark.slow
def test_random_constants():
    """A formula with another constant is not taken for the formula."""
    rng = np.random.default_rng(1)
    for _ in range(300):
        _, body = FORMS[rng.integers(len(FORMS))]
        used = [name for name in CONSTANTS if re.search(rf"\b{name}\b", body)]
        if not used or "microsoft" in body:
            continue
        name = used[rng.integers(len(used))]
        other = float(rng.choice([0.25, 0.7, 0.8, 1.4, 1.7, 2.5, 0.04, 5.0]))
        if name in ("two", "three") and "Pow" in body:
            continue  # a power of a negative number
        model = with_constants(body, "double", **{name: other})
        x = np.linspace(-3, 3, 41)
        with np.errstate(all="ignore"):
            [old], [got] = run(model, x), run(accelerate(model), x)
        np.testing.assert_allclose(old, got, 1e-9, 1e-9, err_msg=f"{name} {other} {body}")


# ---- Models of PyTorch


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("exporter", ["TorchScript", "dynamo"])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_exported(exporter, dtype, tmp_path):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("onnxscript", reason="onnxscript is not installed")
    nn = torch.nn

    class Formulas(nn.Module):
        def __init__(self):
            super().__init__()
            self.up, self.gate, self.down = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
            self.gate.bias = None

        def forward(self, x):
            cube = x + 0.044715 * torch.pow(x, 3.0)
            return (
                nn.functional.gelu(x),
                nn.functional.gelu(x, approximate="tanh"),
                0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * cube)),
                0.5 * x * (1.0 + torch.tanh(x * 0.7978845608 * (1.0 + 0.044715 * x * x))),
                x * 0.5 * (1.0 + torch.erf(x / math.sqrt(2.0))),
                x * torch.sigmoid(1.702 * x),
                nn.functional.mish(x),
                nn.functional.hardswish(x),
                nn.functional.selu(x),
                nn.functional.silu(self.gate(x)) * self.up(x),
                nn.functional.gelu(self.down(x)),
            )

    wanted = [
        "gelu", "gelu_tanh", "gelu_tanh", "gelu_tanh", "gelu", "gelu_quick", "mish", "hardswish",
        "selu", "swiglu", "bias_gelu",
    ]  # fmt: skip
    module = Formulas().eval().to(getattr(torch, dtype))
    x = torch.linspace(-4, 4, 40).reshape(1, 5, 8).to(getattr(torch, dtype))
    path = str(tmp_path / "model.onnx")
    if exporter == "dynamo":
        torch.onnx.export(module, (x,), path, dynamo=True, verbose=False)
    else:
        torch.onnx.export(module, (x,), path, dynamo=False, opset_version=17)
    report = []
    new = accelerate(path, report=report)
    onnx.checker.check_model(new)
    assert sorted(each.function for each in report) == sorted(wanted)
    with torch.no_grad():
        exact = [each.numpy() for each in module.double()(x.double())]
    got = run(new, x.numpy())
    eps = float(np.finfo(dtype).eps)
    for a, b in zip(got, exact, strict=True):
        np.testing.assert_allclose(a.astype(float), b, rtol=16 * eps, atol=8 * eps)


# ---- The page

PROGRAMS = re.findall(r"^```py\n(.*?)^```$", (ROOT / "docs" / "onnx.md").read_text(), re.M | re.S)
PROGRAMS = [program for program in PROGRAMS if "onnxruntime" not in program]


@pytest.mark.parametrize("program", PROGRAMS)
def test_page(program):
    wanted = re.search(r"^# prints (.*)", program, re.M)[1]
    assert run_python(program).split() == wanted.split()


# ---- In ONNX Runtime


@pytest.fixture(scope="module")
def runtime():
    ort = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    options = ort.SessionOptions()
    options.register_custom_ops_library(gelu_fast.onnx.get_library_path())

    def run(model, *operands):
        session = ort.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        names = [each.name for each in session.get_inputs()]
        return session.run(None, dict(zip(names, operands, strict=True)))

    return run


@pytest.mark.parametrize("dtype", ["float", "double", "float16"])
def test_forms_in_onnx_runtime(runtime, dtype):
    bodies = {form[0]: form[1] for form in FORMS[::-1]}
    bodies["gelu_quick"] = "t = Mul(x, quick) s = Sigmoid(t) y = Mul(x, s)"
    for function, body in bodies.items():
        x = X.astype(TYPES[dtype])
        [got] = runtime(accelerate(with_constants(body, dtype)), x)
        assert_same_bits(got, getattr(gelu_fast, function)(x))


def test_gates_in_onnx_runtime(runtime):
    x, w = np.float32(X), np.float32(X[::-1])
    for function, body in GATES.items():
        model = accelerate(parse(f"{body} y = Mul(w, g)", inputs="x w"))
        assert_same_bits(runtime(model, x, w)[0], getattr(gelu_fast, function)(x, w))


def test_bias_in_onnx_runtime(runtime):
    model = accelerate(parse("z = Add(x, b) y = Gelu(z)", constants={"b": BIAS}, shape="N, 5"))
    x = np.float32(X[:120].reshape(-1, 5))
    assert_same_bits(runtime(model, x)[0], gelu_fast.bias_gelu(x, np.float32(BIAS)))


def test_branches_in_onnx_runtime(runtime):
    model = onnx.parser.parse_model(BRANCHES)
    x = np.float32(X)
    for flag in (True, False):
        operands = x, np.array(flag), np.array(1, np.float32)
        old, new = runtime(model, *operands), runtime(accelerate(model), *operands)
        for a, b in zip(old, new, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
