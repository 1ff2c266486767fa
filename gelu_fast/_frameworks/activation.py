"""`activation`: a function by the name that a framework has for it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import functional
from .._core._ufuncs import ufuncs
from .._core.arrays import Array
from .names import NAMES, Meaning

OWN = "gelu_fast"


def activation(name: str, framework: str | None = None) -> Callable[..., Any]:
    """The activation that a framework calls by this name, with the framework's defaults.

    Parameters
    ----------
    name : str
        As the framework spells it.
    framework : str, optional
        Whose name it is: "huggingface" (ACT2FN), "torch" (torch.nn.functional), "keras"
        (keras.activations), "keras.ops", "jax" (jax.nn), "onnx" (operators), "onnxruntime" (those
        of com.microsoft), "ggml" (operators), or "gelu_fast".

        Without it the name is the library's own, "gelu" being the exact function; else it is one
        that means the same wherever it is used, upper and lower case and underscores aside.

    Returns
    -------
    callable
        A ufunc of `gelu_fast`, where the name stands for one: of two inputs, (gate, up), for the
        gates of ONNX and ggml. `numpy.positive`, which copies, for the identity. Otherwise a
        function of `gelu_fast.functional`, which takes an array and `out=` (relu6, log-sigmoid), or
        a `functools.partial` where a parameter is bound: leaky_relu has the slope 0.01, 0.2 for
        Keras; hardtanh the limits -1 and 1; gelu_10 the limits -10 and 10.

    Raises
    ------
    KeyError
        For an unknown name or framework, with the nearest one that there is; without a framework
        also for a name that frameworks use for different functions.
    TypeError
        If an argument is no string.

    Notes
    -----
    Names stand for functions, not for their roundings: gelu_new and gelu_fast of Hugging Face are
    both `gelu_tanh` here. Keras has two defaults: `keras.activations.gelu` is exact,
    `keras.ops.gelu` is the tanh form. What the library has no function for has no name: laplace,
    prelu, xielu, softsign, ONNX's HardSigmoid (whose slope is 0.2) and others.

    Examples
    --------
    >>> import gelu_fast
    >>> gelu_fast.activation("gelu"), gelu_fast.activation("gelu", "jax")
    (<ufunc 'gelu'>, <ufunc 'gelu_tanh'>)
    >>> gelu_fast.activation("gelu_new")
    <ufunc 'gelu_tanh'>
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
    if framework not in NAMES:
        hint = nearest(framework, NAMES) or there_are("frameworks", NAMES)
        raise KeyError(f"no framework {framework!r}: {hint}")
    if name not in NAMES[framework]:
        raise KeyError(unknown(name, framework))
    return callable_of(*NAMES[framework][name])


def meaning(name: str) -> Meaning:
    """(function, parameters) of a name without a framework."""
    if name in NAMES[OWN]:
        return NAMES[OWN][name]
    if not any(name in names for names in NAMES.values()):
        raise KeyError(unknown(name, None))
    users: dict[tuple[str, tuple[tuple[str, float], ...]], list[str]] = {}
    for framework, names in NAMES.items():
        for spelling, (function, parameters) in names.items():
            if plainly(spelling) == plainly(name):
                users.setdefault((function, tuple(parameters.items())), []).append(framework)
    if len(users) > 1:
        said = "; ".join(f"{described(*key)} in {', '.join(users[key])}" for key in users)
        raise KeyError(f"activation {name!r} needs a framework: it is {said}")
    [(function, bound)] = users
    return function, dict(bound)


def plainly(name: str) -> str:
    return name.lower().replace("_", "")


def described(function: str, parameters: Iterable[tuple[str, float]]) -> str:
    bound = ", ".join(f"{name}={value:g}" for name, value in parameters)
    return f"{function}({bound})" if bound else function


def unknown(name: str, framework: str | None) -> str:
    """The message for a name that is not there."""
    if framework is None:
        spellings = [spelling for names in NAMES.values() for spelling in names]
        return (
            f"no activation {name!r}: {nearest(name, spellings) or there_are('frameworks', NAMES)}"
        )
    known = NAMES[framework]
    elsewhere = ", ".join(where for where, names in NAMES.items() if name in names)
    hint = f"it is one of {elsewhere}" if elsewhere else nearest(name, known)
    return f"no activation {name!r} in {framework}: {hint or there_are('activations', known)}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """A hint at the name that was meant, if one is near."""
    lowered = {spelling.lower(): spelling for spelling in reversed(list(known))}
    close = difflib.get_close_matches(name.lower(), lowered, n=1)
    return f"did you mean {lowered[close[0]]!r}?" if close else None


def there_are(kind: str, known: Iterable[str]) -> str:
    return f"the {kind} are {', '.join(known)}"


def check_string(argument: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{argument} must be a string; got {type(value).__name__}")


def clipped_gelu(x: ArrayLike, min: float, max: float, *, out: Array | None = None) -> Any:
    """gelu(x), no less than min and no more than max."""
    return functional.hardtanh(ufuncs()["gelu"](x), min, max, out=out)


def callable_of(function: str, parameters: dict[str, float]) -> Callable[..., Any]:
    """What a row of NAMES stands for."""
    others: dict[str, Callable[..., Any]] = {"linear": np.positive, "clipped_gelu": clipped_gelu}
    module, _, last = function.rpartition(".")
    found = getattr(functional, last) if module else (others | ufuncs())[function]
    return partial(found, **parameters) if parameters else found
