"""The names of activations in frameworks, with the frameworks' defaults.

NAMES is {framework: {name: (function, parameters)}}. The function is a ufunc of this library, or a
function of gelu_fast.functional, to which the parameters are bound; `linear` is the identity. This
library's own names are under the framework "gelu_fast".

Some names are missing because this library does not have their functions: laplace, prelu,
sqrtsoftplus and xielu of Hugging Face; softsign, tanhshrink, threshold, rrelu and functions that
are not elementwise (softmax, glu) of PyTorch; the same functions of Keras and JAX, and exponential,
squareplus, sparse_plus and the shrink functions; HardSigmoid (slope 0.2, not 1/6), PRelu,
ThresholdedRelu and Softsign of ONNX; XIELU, EXP, LEAKY_RELU (no default slope) and SWIGLU_OAI of
ggml.
"""

from typing import TypeAlias

from .._core._ufuncs import ufuncs

Meaning: TypeAlias = tuple[str, dict[str, float]]  # function, parameters


def plain(**functions: str) -> dict[str, Meaning]:
    return {name: (function, {}) for name, function in functions.items()}


NAMES: dict[str, dict[str, Meaning]] = {
    "gelu_fast": {
        **plain(**{name: name for name in ufuncs()}),
        "swish": ("silu", {}),  # beta = 1
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # transformers 5.23.0: activations.py, ACT2CLS. Names that differ only in rounding map to one
    # function here: gelu and gelu_python; gelu_new, gelu_fast and others.
    "huggingface": {
        **plain(
            gelu="gelu",
            gelu_python="gelu",
            gelu_new="gelu_tanh",
            gelu_fast="gelu_tanh",
            gelu_accurate="gelu_tanh",
            gelu_pytorch_tanh="gelu_tanh",
            gelu_python_tanh="gelu_tanh",
            quick_gelu="gelu_quick",
            silu="silu",
            swish="silu",
            relu="relu",
            relu2="relu_squared",
            relu6="functional.relu6",
            mish="mish",
            hardswish="hardswish",
            tanh="tanh",
            sigmoid="sigmoid",
            linear="linear",
        ),
        "gelu_10": ("clipped_gelu", {"min": -10.0, "max": 10.0}),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # torch 2.13.0: torch.nn.functional.
    "torch": {
        **plain(
            gelu="gelu",
            silu="silu",
            relu="relu",
            relu6="functional.relu6",
            mish="mish",
            elu="elu",
            selu="selu",
            hardswish="hardswish",
            hardsigmoid="hardsigmoid",
            softplus="softplus",  # beta = 1; our function needs no threshold
            celu="elu",  # alpha = 1
            logsigmoid="functional.logsigmoid",
            tanh="tanh",
            sigmoid="sigmoid",
        ),
        "hardtanh": ("functional.hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # keras 3.15.1: keras.activations, whose names the layers take as strings.
    "keras": {
        **plain(
            gelu="gelu",  # approximate=False
            silu="silu",
            swish="silu",
            relu="relu",
            relu6="functional.relu6",
            mish="mish",
            softplus="softplus",
            elu="elu",
            celu="elu",  # alpha = 1
            selu="selu",
            hard_silu="hardswish",
            hard_swish="hardswish",
            hard_sigmoid="hardsigmoid",  # x/6 + 1/2 since Keras 3; 0.2 x + 1/2 in Keras 2
            log_sigmoid="functional.logsigmoid",
            tanh="tanh",
            sigmoid="sigmoid",
            linear="linear",
        ),
        "hard_tanh": ("functional.hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.2}),
    },
    # keras 3.15.1: keras.ops; gelu has a different default in keras.activations.
    "keras.ops": {
        **plain(
            gelu="gelu_tanh",  # approximate=True
            silu="silu",
            swish="silu",
            relu="relu",
            relu6="functional.relu6",
            softplus="softplus",
            elu="elu",
            celu="elu",  # alpha = 1
            selu="selu",
            hard_silu="hardswish",
            hard_swish="hardswish",
            hard_sigmoid="hardsigmoid",
            log_sigmoid="functional.logsigmoid",
            tanh="tanh",
            sigmoid="sigmoid",
        ),
        "hard_tanh": ("functional.hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.2}),
    },
    # jax 0.10.2: jax.nn.
    "jax": {
        **plain(
            gelu="gelu_tanh",  # approximate=True
            silu="silu",
            swish="silu",
            relu="relu",
            relu6="functional.relu6",
            mish="mish",
            softplus="softplus",
            elu="elu",
            celu="elu",  # alpha = 1
            selu="selu",
            hard_silu="hardswish",
            hard_swish="hardswish",
            hard_sigmoid="hardsigmoid",
            log_sigmoid="functional.logsigmoid",
            tanh="tanh",
            sigmoid="sigmoid",
            identity="linear",
        ),
        "hard_tanh": ("functional.hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # onnx 1.23.2: operators of the default domain. Its Selu rounds the constants to float32.
    "onnx": {
        **plain(
            Gelu="gelu",  # approximate="none"
            Swish="silu",  # alpha = 1
            Relu="relu",
            Mish="mish",
            Softplus="softplus",
            Elu="elu",  # alpha = 1
            Celu="elu",  # alpha = 1
            Selu="selu",
            HardSwish="hardswish",
            Tanh="tanh",
            Sigmoid="sigmoid",
            Identity="linear",
            SwiGLU="swiglu",  # alpha = 1
        ),
        "LeakyRelu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # ONNX Runtime: operators of the domain com.microsoft.
    "onnxruntime": plain(
        Gelu="gelu",
        FastGelu="gelu_tanh",
        QuickGelu="gelu_quick",  # alpha = 1.702
    ),
    # llama.cpp of 2025 to 2026: ggml_unary_op_name, ggml_glu_op_name.
    "ggml": plain(
        GELU="gelu_tanh",
        GELU_ERF="gelu",
        GELU_QUICK="gelu_quick",
        SILU="silu",
        RELU="relu",
        ELU="elu",
        SOFTPLUS="softplus",
        HARDSWISH="hardswish",
        HARDSIGMOID="hardsigmoid",
        TANH="tanh",
        SIGMOID="sigmoid",
        GEGLU="geglu_tanh",
        GEGLU_ERF="geglu",
        GEGLU_QUICK="geglu_quick",
        SWIGLU="swiglu",
        REGLU="reglu",
    ),
}
