"""The hints of `activation` lead to the function that the name means, or to no function."""

import re

import numpy as np
import pytest

import gelu_fast
from gelu_fast import activation
from gelu_fast._frameworks.hints import FRAMEWORKS, OTHERS, WORDS, distance, nearest, plainly
from gelu_fast._frameworks.names import NAMES


def hints(name, framework=None):
    """Returns the names that the error suggests."""
    with pytest.raises(KeyError) as caught:
        activation(name, framework)
    message = str(caught.value)
    found = re.search(r"did you mean (.*)\?", message)
    return re.findall(r"'([^']*)'", found[1]) if found else []


SPELLED = {
    ("GELU", "torch"): "gelu",
    ("gelu", "onnx"): "Gelu",
    ("silu", "ggml"): "SILU",
    ("hardsigmoid", "keras"): "hard_sigmoid",
    ("HARD_SWISH", "huggingface"): "hardswish",
    ("leakyrelu", "jax"): "leaky_relu",
    ("gelu_erf", "ggml"): "GELU_ERF",
    ("Relu-Squared", None): "relu_squared",
}
OTHER_WORDS = {
    ("swish", "torch"): "silu",
    ("gelu_new", "jax"): "gelu",
    ("quick_gelu", "onnxruntime"): "QuickGelu",
    ("gelu_approx", None): "gelu_tanh",
    ("gelu_approx", "jax"): "gelu",
    ("gelu_none", None): "gelu",
    ("gelu_none", "torch"): "gelu",
    ("h_swish", None): "hardswish",
    ("squared_relu", None): "relu_squared",
    ("squared_relu", "huggingface"): "relu2",
    ("tanh_gelu", None): "gelu_tanh",
    ("identity", "huggingface"): "linear",
}
SLIPS = {
    ("gelu_nwe", "huggingface"): "gelu_new",
    ("geluu", "ggml"): "GELU",
    ("sofptlus", "torch"): "softplus",
    ("sigmod", "jax"): "sigmoid",
    ("linaer", "keras"): "linear",
    ("gleu", "torch"): "gelu",
}


@pytest.mark.parametrize(("name", "framework"), SPELLED | OTHER_WORDS | SLIPS)
def test_right(name, framework):
    want = (SPELLED | OTHER_WORDS | SLIPS)[name, framework]
    assert hints(name, framework) == [want]
    activation(want, framework)  # the hint can be followed


NO_HINT = [
    ("gelu_approx", "torch"),
    ("relu7", None),
    ("relu7", "torch"),
    ("gelu_11", "huggingface"),
    ("prelu", None),
    ("PReLU", "torch"),
    ("softmax", None),
    ("softsign", "keras"),
    ("glu", "torch"),
    ("gelu_accurately", "torch"),
    ("xy", None),
    ("laplace", "huggingface"),
    ("gexlx", "torch"),
    ("", "torch"),
]


@pytest.mark.parametrize(("name", "framework"), NO_HINT)
def test_no_hint(name, framework):
    assert hints(name, framework) == []
    with pytest.raises(KeyError, match=r"(the (frameworks|activations) are|it is one of) \w+"):
        activation(name, framework)


def test_several():
    """If functions are equally similar, the hint names one spelling of each."""
    assert hints("xelu", "torch") == ["gelu", "relu", "elu", "selu"]
    assert hints("zilu", "huggingface") == ["silu"]


@pytest.mark.parametrize("framework", NAMES)
@pytest.mark.parametrize("name", [name for names in NAMES.values() for name in names])
def test_never_another_function(framework, name):
    """A name of one framework, asked of another: a hint is the same function or the same name."""
    if name in NAMES[framework]:
        return
    known = [names[name] for names in NAMES.values() if name in names]
    for hint in hints(name, framework):
        assert NAMES[framework][hint] in known or plainly(hint) == plainly(name)


@pytest.mark.parametrize(
    ("framework", "want"),
    [
        ("keras.activations", "keras"),
        ("pytorch", "torch"),
        ("torch.nn.functional", "torch"),
        ("tf.keras", "keras"),
        ("jax.nn", "jax"),
        ("com.microsoft", "onnxruntime"),
        ("llama.cpp", "ggml"),
        ("HF", "huggingface"),
        ("transformers", "huggingface"),
        ("Torch", "torch"),
        ("keras_ops", "keras.ops"),
        ("hugingface", "huggingface"),
    ],
)
def test_framework(framework, want):
    assert hints("gelu", framework) == [want]


def test_unknown_framework():
    assert hints("gelu", "mxnet") == []
    with pytest.raises(KeyError, match="no framework 'mxnet': the frameworks are gelu_fast, hugg"):
        activation("gelu", "mxnet")


def test_the_words_are_known():
    assert set(FRAMEWORKS.values()) <= set(NAMES)
    assert set(WORDS.values()) <= set(gelu_fast._core._ufuncs.ufuncs())
    assert all(plainly(word) == word for word in [*FRAMEWORKS, *WORDS])


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_other_functions(name):
    """A function that exists elsewhere, with a name like a slip of the keyboard, gets no hint."""
    assert nearest(name, [*NAMES["gelu_fast"], *NAMES["torch"]])
    assert hints(f"{name}_", "torch") == hints(name.upper(), "torch") == []


@pytest.mark.parametrize(
    ("a", "b", "slips"),
    [
        ("gelu", "gelu", 0),
        ("", "gelu", 4),
        ("gelu", "", 4),
        ("gelu", "glu", 1),
        ("gelu", "geluu", 1),
        ("gelu", "gulu", 1),
        ("gelu", "eglu", 1),
        ("gelu", "gleu", 1),
        ("gelu", "geul", 1),
        ("gelu", "ulge", 4),
        ("ab", "cd", 2),
        ("sigmoid", "sgimodi", 2),
    ],
)
def test_distance(a, b, slips):
    assert distance(a, b) == distance(b, a) == slips


def test_linear_is_a_float():
    """The identity has the dtypes of the other functions."""
    linear = activation("linear", "keras")
    assert linear(np.arange(3, dtype=np.int8)).dtype == np.float16
    x = np.array([-np.inf, -0.0, 5e-324, np.nan])
    assert linear(x).tobytes() == x.tobytes()
