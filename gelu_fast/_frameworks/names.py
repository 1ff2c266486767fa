"""The names of activations in frameworks, with the frameworks' defaults.

NAMES is {framework: {name: (function, parameters)}}. The function is a ufunc of this library, a
function of gelu_fast.functional or one of activation.py, to which the parameters are bound;
`linear` is the identity. This library's own names are under the framework "gelu_fast". ALIASES has
second names of frameworks.

Some names are missing because this library does not have their functions: laplace, prelu,
sqrtsoftplus and xielu of Hugging Face; softsign, tanhshrink, threshold, rrelu and functions that
are not elementwise (softmax, glu) of PyTorch; the same functions of Keras, JAX, MLX, Paddle and
TensorFlow, and exponential, squareplus, sparse_plus, step, crelu, lisht, snake and the shrink
functions; PRelu, ThresholdedRelu and Softsign of ONNX; BiasSplitGelu of ONNX Runtime, whose gate is
a half of the input; XIELU, EXP, SWIGLU_CLAMP and LEAKY_RELU (without default limit and slope) of
ggml; PRELU and LEAKY_RELU (without default slope) of TensorFlow Lite.
"""

from typing import TypeAlias

from .._core._ufuncs import ufuncs

Meaning: TypeAlias = tuple[str, dict[str, float]]  # function, parameters


def plain(**functions: str) -> dict[str, Meaning]:
    return {name: (function, {}) for name, function in functions.items()}


# The hard sigmoid of Theano, from which Keras 2 and ONNX have it; elsewhere the slope is 1/6.
FIFTH: Meaning = ("hard_sigmoid", {"slope": 0.2, "offset": 0.5})

ALIASES = {
    "com.microsoft": "onnxruntime",
    "llama.cpp": "ggml",
    "tf.keras": "keras",  # since TensorFlow 2.16; before, it was tf_keras
    "transformers": "huggingface",
}

# jax 0.10.2: jax.nn.
JAX: dict[str, Meaning] = {
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
}

NAMES: dict[str, dict[str, Meaning]] = {
    "gelu_fast": {
        **plain(**{name: name for name in ufuncs()}),
        "swish": ("silu", {}),  # beta = 1
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # transformers 5.24.0: activations.py, ACT2CLS. Names that differ only in rounding map to one
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
    "jax": JAX,
    # flax 0.12.8: flax.linen and flax.nnx have functions of jax.nn, flax.linen without identity.
    "flax": {name: meaning for name, meaning in JAX.items() if name != "mish"},
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
            Erf="erf",
            SwiGLU="swiglu",  # alpha = 1
        ),
        "HardSigmoid": FIFTH,
        "LeakyRelu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # onnxruntime 1.32.0: operators of the domain com.microsoft.
    "onnxruntime": plain(
        Gelu="gelu",
        FastGelu="gelu_tanh",  # without a bias
        BiasGelu="bias_gelu",
        QuickGelu="gelu_quick",  # alpha = 1.702
        ScaledSiLU="silu",  # alpha = 1
        SwiGLU="swiglu",  # activation_alpha = 1, activation_beta = 0, no limit
    ),
    # llama.cpp of 2025 to 2026: ggml_unary_op_name, ggml_glu_op_name, and llm_ffn_op_type, whose
    # functions are those of the operators.
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
        SWIGLU_OAI="swiglu_oai",  # alpha = 1.702, limit = 7, as its callers pass
        LLM_FFN_SILU="silu",
        LLM_FFN_GELU="gelu_tanh",
        LLM_FFN_RELU="relu",
        LLM_FFN_RELU_SQR="relu_squared",
        LLM_FFN_SWIGLU="swiglu",
        LLM_FFN_GEGLU="geglu_tanh",
        LLM_FFN_REGLU="reglu",
        LLM_FFN_SWIGLU_OAI_MOE="swiglu_oai",
    ),
    # tensorflow 2.21.0: tf.nn, and erf, erfc and log_sigmoid of tf.math.
    "tensorflow": {
        **plain(
            gelu="gelu",  # approximate=False
            silu="silu",  # beta = 1
            swish="silu",
            relu="relu",
            relu6="functional.relu6",
            elu="elu",
            selu="selu",
            softplus="softplus",
            tanh="tanh",
            sigmoid="sigmoid",
            log_sigmoid="functional.logsigmoid",
            erf="erf",
            erfc="erfc",
        ),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.2}),
    },
    # tf_keras 2.21.0: tf_keras.activations, which were tf.keras.activations before TensorFlow 2.16.
    "tf_keras": {
        **plain(
            gelu="gelu",  # approximate=False
            silu="silu",
            swish="silu",
            relu="relu",
            relu6="functional.relu6",
            mish="mish",
            softplus="softplus",
            elu="elu",
            selu="selu",
            tanh="tanh",
            sigmoid="sigmoid",
            linear="linear",
        ),
        "hard_sigmoid": FIFTH,
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.2}),
    },
    # tensorflow-addons 0.23.0: tensorflow_addons.activations.
    "tensorflow-addons": plain(
        gelu="gelu_tanh",  # approximate=True
        mish="mish",
    ),
    # ai-edge-litert 2.3.0, TensorFlow Lite: builtin operators.
    "tflite": {
        **plain(
            GELU="gelu",  # approximate=False
            HARD_SWISH="hardswish",
            LOGISTIC="sigmoid",
            RELU="relu",
            RELU6="functional.relu6",
            ELU="elu",
            TANH="tanh",
        ),
        "RELU_N1_TO_1": ("functional.hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        "RELU_0_TO_1": ("functional.hardtanh", {"min_val": 0.0, "max_val": 1.0}),
    },
    # mlx 0.32.4: mlx.nn. Its selu rounds the constants to 6 digits. gelu_approx of 2023 was
    # x * sigmoid(1.60033 * x * (1 + 0.0433603 * x^2)), which is the tanh form, but for digits.
    "mlx": {
        **plain(
            gelu="gelu",
            gelu_approx="gelu_tanh",
            gelu_fast_approx="gelu_quick",
            silu="silu",
            relu="relu",
            relu2="relu_squared",
            relu6="functional.relu6",
            mish="mish",
            softplus="softplus",
            elu="elu",
            celu="elu",  # alpha = 1
            selu="selu",
            hardswish="hardswish",
            log_sigmoid="functional.logsigmoid",
            tanh="tanh",
            sigmoid="sigmoid",
        ),
        "hard_tanh": ("functional.hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
    # paddlepaddle 3.3.1: paddle.nn.functional.
    "paddle": {
        **plain(
            gelu="gelu",  # approximate=False
            silu="silu",
            swish="silu",
            relu="relu",
            relu6="functional.relu6",
            mish="mish",
            softplus="softplus",  # beta = 1; our function needs no threshold
            elu="elu",
            celu="elu",  # alpha = 1
            selu="selu",
            hardswish="hardswish",
            hardsigmoid="hardsigmoid",  # its slope, 0.1666667, is 1/6 rounded
            log_sigmoid="functional.logsigmoid",
            tanh="tanh",
            sigmoid="sigmoid",
            swiglu="swiglu",
        ),
        "hardtanh": ("functional.hardtanh", {"min_val": -1.0, "max_val": 1.0}),
        "leaky_relu": ("functional.leaky_relu", {"negative_slope": 0.01}),
    },
}
