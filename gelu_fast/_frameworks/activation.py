"""`activation` finds a function by the name that a framework uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from numpy.typing import ArrayLike

from .. import functional
from .._core._ufuncs import ufuncs
from .._core.arrays import Array
from .._expressions.ufuncs import bound as bound_ufunc
from .hints import framework_hint, hint, plainly
from .names import ALIASES, NAMES, Meaning

OWN = "gelu_fast"


def activation(name: str, framework: str | None = None) -> Callable[..., Any]:
    """Find an activation by the name that a framework uses, with the framework's defaults.

    Parameters
    ----------
    name : str
        The name, spelled as in the framework.
    framework : str, optional
        The framework that uses the name: "huggingface" or "transformers" (ACT2FN), "torch"
        (torch.nn.functional), "keras" or "tf.keras" (keras.activations), "keras.ops", "tf_keras"
        (Keras 2), "tensorflow" (tf.nn), "tensorflow-addons", "tflite" (operators), "jax" (jax.nn),
        "flax" (flax.linen and flax.nnx), "mlx" (mlx.nn), "paddle" (paddle.nn.functional), "onnx"
        (operators of the default domain), "onnxruntime" or "com.microsoft" (operators of this
        domain), "ggml" or "llama.cpp" (operators, and the LLM_FFN names), or "gelu_fast".

        By default, `name` is a name of this library; "gelu" is the exact function, for example.
        Otherwise it must mean the same function in all frameworks whose names equal it when case
        and underscores are ignored.

    Returns
    -------
    callable
        A ufunc of `gelu_fast` if the name means one; gates have two inputs, (gate, up), and
        BiasGelu has (x, b). For the identity, a ufunc that copies its input. For relu6 and
        log-sigmoid, a function of `gelu_fast.functional`, which takes an array and `out=`. For
        names with a parameter, a `functools.partial`: leaky_relu has the slope 0.01, in Keras and
        TensorFlow 0.2; hard sigmoid the slope 0.2 in Keras 2 and ONNX, whereas others mean the
        ufunc, whose slope is 1/6; hardtanh the limits -1 and 1, and gelu_10 the limits -10 and 10.

    Raises
    ------
    KeyError
        If the name or framework is unknown; the message suggests the right spelling, or lists the
        names that are known. Without a framework, also if frameworks use the name for different
        functions.
    TypeError
        If an argument is not a string.

    Notes
    -----
    A name means a mathematical function, whatever roundings the framework makes: gelu_new and
    gelu_fast of Hugging Face are both `gelu_tanh` here. Keras has two defaults:
    `keras.activations.gelu` is exact, and `keras.ops.gelu` is the tanh form. `tf.keras` is Keras 3
    since TensorFlow 2.16; before, it was Keras 2, "tf_keras". GELU of TensorFlow Lite is exact
    unless its attribute `approximate` is true. Names of functions that this library does not have
    are unknown: laplace, prelu, xielu, softsign and others.

    Examples
    --------
    >>> import gelu_fast
    >>> gelu_fast.activation("gelu"), gelu_fast.activation("gelu", "jax")
    (<ufunc 'gelu'>, <ufunc 'gelu_tanh'>)
    >>> gelu_fast.activation("gelu_new")
    <ufunc 'gelu_tanh'>
    >>> gelu_fast.activation("gelu_approx", "mlx"), gelu_fast.activation("LOGISTIC", "tflite")
    (<ufunc 'gelu_tanh'>, <ufunc 'sigmoid'>)
    >>> gelu_fast.activation("leaky_relu", "keras")([-1.0, 2.0])
    array([-0.2,  2. ])
    >>> gelu_fast.activation("gelu_nwe", "huggingface")
    Traceback (most recent call last):
    KeyError: "no activation 'gelu_nwe' in huggingface: did you mean 'gelu_new'?"
    """
    check_string("name", name)
    if framework is None:
        return callable_of(*meaning(name))
    check_string("framework", framework)
    known = ALIASES.get(framework, framework)
    if known not in NAMES:
        raise KeyError(f"no framework {framework!r}: {framework_hint(framework)}")
    if name not in NAMES[known]:
        raise KeyError(f"no activation {name!r} in {framework}: {hint(name, known)}")
    return callable_of(*NAMES[known][name])


def meaning(name: str) -> Meaning:
    """(function, parameters) for a name that is given without a framework."""
    if name in NAMES[OWN]:
        return NAMES[OWN][name]
    if not any(name in names for names in NAMES.values()):
        raise KeyError(f"no activation {name!r}: {hint(name, None)}")
    users: dict[tuple[str, tuple[tuple[str, float], ...]], list[str]] = {}
    for framework, names in NAMES.items():
        for spelling, (function, parameters) in names.items():
            if plainly(spelling) == plainly(name):
                users.setdefault((function, tuple(parameters.items())), []).append(framework)
    if len(users) > 1:
        said = "; ".join(f"{described(*key)} in {', '.join(users[key])}" for key in users)
        raise KeyError(f"activation {name!r} needs a framework: it is {said}")
    [(function, found)] = users
    return function, dict(found)


def described(function: str, parameters: Iterable[tuple[str, float]]) -> str:
    bound = ", ".join(f"{name}={value:g}" for name, value in parameters)
    return f"{function}({bound})" if bound else function


def check_string(argument: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{argument} must be a string; got {type(value).__name__}")


def clipped_gelu(x: ArrayLike, min: float, max: float, *, out: Array | None = None) -> Any:
    """min(max(gelu(x), min), max)"""
    return functional.hardtanh(ufuncs()["gelu"](x), min, max, out=out)


def hard_sigmoid(x: ArrayLike, slope: float, offset: float, *, out: Array | None = None) -> Any:
    """min(max(slope * x + offset, 0), 1)"""
    return bound_ufunc("hard_sigmoid", slope, offset)(x, out=out)


def callable_of(function: str, parameters: dict[str, float]) -> Callable[..., Any]:
    """The callable that a row of NAMES describes."""
    others: dict[str, Callable[..., Any]] = {
        "linear": bound_ufunc("linear"),
        "clipped_gelu": clipped_gelu,
        "hard_sigmoid": hard_sigmoid,
    }
    module, _, last = function.rpartition(".")
    found = getattr(functional, last) if module else (others | ufuncs())[function]
    return partial(found, **parameters) if parameters else found
