"""The hints of `activation` lead to the function that the name means, or to no function."""

import re

import numpy as np
import pytest

import gelu_fast
from gelu_fast import activation
from gelu_fast._frameworks.hints import FRAMEWORKS, WORDS, distance, is_slip, plainly
from gelu_fast._frameworks.names import ALIASES, NAMES


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
    ("logistic", "tflite"): "LOGISTIC",
    ("biasgelu", "com.microsoft"): "BiasGelu",
    ("llm_ffn_gelu", "llama.cpp"): "LLM_FFN_GELU",
    ("hard_sigmoid", "onnx"): "HardSigmoid",
    ("erf", "onnx"): "Erf",
}
OTHER_WORDS = {
    ("swish", "torch"): "silu",
    ("gelu_new", "jax"): "gelu",
    ("quick_gelu", "onnxruntime"): "QuickGelu",
    ("gelu_approximate", None): "gelu_tanh",
    ("gelu_approx", "jax"): "gelu",
    ("gelu_approx", "flax"): "gelu",
    ("gelu_fast_approx", "huggingface"): "quick_gelu",
    ("approx_gelu", "keras.ops"): "gelu",
    ("silu", "onnx"): "Swish",
    ("qgelu", None): "gelu_quick",
    ("expit", "tensorflow"): "sigmoid",
    ("sigmoid", "tflite"): "LOGISTIC",
    ("bias_gelu", "onnxruntime"): "BiasGelu",
    ("relu2", "ggml"): "LLM_FFN_RELU_SQR",
    ("swigluoai", None): "swiglu_oai",
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
    ("geluu", "mlx"): "gelu",
    ("hard_simgoid", "tf_keras"): "hard_sigmoid",
    ("gelu_fast_aprox", "mlx"): "gelu_fast_approx",
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
    ("zilu", "huggingface"),
    ("gelu_new", "tensorflow"),
    ("hardsigmoid", "tensorflow"),
    ("leaky_relu", "tflite"),
    ("hard_sigmoid", "mlx"),
    ("", "torch"),
]


@pytest.mark.parametrize(("name", "framework"), NO_HINT)
def test_no_hint(name, framework):
    assert hints(name, framework) == []
    with pytest.raises(KeyError, match=r"(the (frameworks|activations) are|it is one of) \w+"):
        activation(name, framework)


def test_several():
    """If functions are equally similar, the hint names one spelling of each."""
    assert hints("gexlu_erf", "ggml") == ["GELU_ERF", "GEGLU_ERF"]
    assert hints("log_sigmoi", None) == ["logsigmoid"]


@pytest.mark.parametrize("framework", NAMES)
def test_never_another_function(framework):
    """A name of one framework, asked of another: a hint is the same function or the same name."""
    for name in {name for names in NAMES.values() for name in names} - set(NAMES[framework]):
        known = [names[name] for names in NAMES.values() if name in names]
        for hint in hints(name, framework):
            same = NAMES[framework][hint] in known or plainly(hint) == plainly(name)
            assert same, f"{name} in {framework}: {hint}"


@pytest.mark.parametrize(
    ("framework", "want"),
    [
        ("pytorch", "torch"),
        ("torch.nn.functional", "torch"),
        ("jax.nn", "jax"),
        ("keras.activations", "keras"),
        ("tf.keras.activations", "tf.keras"),
        ("flax.nnx", "flax"),
        ("mlx.nn", "mlx"),
        ("paddle.nn.functional", "paddle"),
        ("tf", "tensorflow"),
        ("tf.nn", "tensorflow"),
        ("TensorFlow", "tensorflow"),
        ("tfa", "tensorflow-addons"),
        ("tensorflow addons", "tensorflow-addons"),
        ("TensorFlow Lite", "tflite"),
        ("Com.Microsoft", "com.microsoft"),
        ("llama-cpp", "llama.cpp"),
        ("HF", "huggingface"),
        ("Transformers", "transformers"),
        ("Torch", "torch"),
        ("keras_ops", "keras.ops"),
        ("hugingface", "huggingface"),
    ],
)
def test_framework(framework, want):
    assert hints("gelu", framework) == [want]


def test_two_keras():
    """tf.keras and tf_keras have different hard sigmoids."""
    assert hints("gelu", "tfkeras") == ["tf_keras", "tf.keras"]


def test_unknown_framework():
    assert hints("gelu", "mxnet") == []
    with pytest.raises(KeyError, match="no framework 'mxnet': the frameworks are gelu_fast, hugg"):
        activation("gelu", "mxnet")


def test_the_words_are_known():
    assert set(ALIASES.values()) <= set(NAMES)
    assert set(FRAMEWORKS.values()) <= set(NAMES) | set(ALIASES)
    assert not set(ALIASES) & set(NAMES)
    assert set(WORDS.values()) <= set(gelu_fast._core._ufuncs.ufuncs())
    assert all(plainly(word) == word for word in [*FRAMEWORKS, *WORDS])


# Functions that the library does not have, of the frameworks, SciPy, Transformer Engine and papers
OTHERS = [
    "acon",
    "acos",
    "aria",
    "atanh",
    "bilinear",
    "brelu",
    "crelu",
    "dgelu",
    "drelu",
    "dsilu",
    "eelu",
    "elish",
    "erelu",
    "erfcinv",
    "erfcx",
    "erfi",
    "erfinv",
    "eswish",
    "exp",
    "exponential",
    "felu",
    "frelu",
    "gaussian",
    "gcu",
    "golu",
    "gumbel_softmax",
    "hard_elish",
    "hard_mish",
    "hard_shrink",
    "isrlu",
    "isru",
    "laplace",
    "lecun_tanh",
    "lisht",
    "log_softmax",
    "logish",
    "logit",
    "logsumexp",
    "lrelu",
    "maxout",
    "mrelu",
    "ncu",
    "ndtri",
    "nlrelu",
    "oplu",
    "pelu",
    "phish",
    "prelu",
    "pswish",
    "reltanh",
    "relun",
    "reslu",
    "rrelu",
    "serf",
    "serlu",
    "sglu",
    "sine",
    "sinh",
    "sinlu",
    "smelu",
    "smish",
    "smooth_relu",
    "snake",
    "soft_relu",
    "soft_shrink",
    "soft_sign",
    "softmax",
    "softmin",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "sqrtsoftplus",
    "squareplus",
    "squircle",
    "srelu",
    "star_relu",
    "step",
    "suish",
    "swash",
    "swim",
    "tan",
    "tanh_exp",
    "tanh_shrink",
    "tanhexp",
    "tanhshrink",
    "telu",
    "threshold",
    "thresholded_relu",
    "trec",
    "vrelu",
    "xielu",
]


@pytest.mark.parametrize("framework", [None, *NAMES], ids=str)
def test_other_functions(framework):
    """A function that exists elsewhere, however similar its name is, gets no hint."""
    for name in OTHERS:
        assert hints(name, framework) == hints(name.upper(), framework) == [], name


@pytest.mark.parametrize(
    ("typed", "meant", "want"),
    [
        ("gleu", "gelu", True),
        ("egul", "gelu", False),
        ("egleu", "gelu", False),
        ("eglu", "gelu", True),
        ("geluu", "gelu", True),
        ("gellu", "gelu", True),
        ("ggelu", "gelu", False),
        ("glu", "gelu", False),
        ("golu", "gelu", False),
        ("gelut", "gelu", False),
        ("sigmod", "sigmoid", True),
        ("sigmoit", "sigmoid", True),
        ("tigmoid", "sigmoid", False),
        ("sgmod", "sigmoid", False),
        ("sigmoid", "sigmoid", False),
        ("", "g", False),
    ],
)
def test_slip(typed, meant, want):
    assert is_slip(typed, meant) is want


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
