"""What ONNX operators compute, in the words of _expressions.py. To make the rewriter see another
operator, add it here.

The parameters of an entry are the inputs of the operator, with defaults for optional ones, and,
after the `*`, its attributes with their defaults. A node with other inputs or attributes is not
seen."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import cache
from typing import Any

from ._expressions import WORDS, log, maximum, minimum, sqrt

Formula = Callable[..., Any]

erf, exp, expm1, Phi = (WORDS[name] for name in ("erf", "exp", "expm1", "Phi"))
sigmoid, softplus, tanh = (WORDS[name] for name in ("sigmoid", "softplus", "tanh"))


def gelu_tanh(x: Any) -> Any:
    return x * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


# Operators that only combine numbers: a graph of these alone is none of the functions.
ARITHMETIC: dict[str, Formula] = {
    "Add": lambda x, y: x + y,
    "Div": lambda x, y: x / y,
    "Identity": lambda x: x,
    "Mul": lambda x, y: x * y,
    "Neg": lambda x: -x,
    "Pow": lambda x, y: x**y,
    "Reciprocal": lambda x: 1 / x,
    "Sqrt": lambda x: sqrt(x),
    "Sub": lambda x, y: x - y,
    "Sum": lambda x, y: x + y,
}

FUNCTIONS: dict[str, Formula] = {
    "Celu": lambda x, *, alpha=1.0: maximum(x, 0) + alpha * expm1(minimum(x, 0) / alpha),
    "Clip": lambda x, low=-math.inf, high=math.inf: minimum(maximum(x, low), high),
    "Elu": lambda x, *, alpha=1.0: maximum(x, 0) + alpha * expm1(minimum(x, 0)),
    "Erf": erf,
    "Exp": exp,
    "Gelu": lambda x, *, approximate="none": {"none": lambda x: x * Phi(x), "tanh": gelu_tanh}[
        approximate
    ](x),
    "HardSigmoid": lambda x, *, alpha=0.2, beta=0.5: maximum(minimum(alpha * x + beta, 1), 0),
    "HardSwish": lambda x: x * maximum(minimum(x / 6 + 0.5, 1), 0),
    "Log": log,
    "Max": maximum,
    "Min": minimum,
    "Mish": lambda x: x * tanh(softplus(x)),
    "Relu": lambda x: maximum(x, 0),
    "Selu": lambda x, *, alpha=1.67326319217681884765625, gamma=1.05070102214813232421875: (
        gamma * (maximum(x, 0) + alpha * expm1(minimum(x, 0)))
    ),
    "Sigmoid": sigmoid,
    "Softplus": softplus,
    "Swish": lambda x, *, alpha=1.0: x * sigmoid(alpha * x),
    "Tanh": tanh,
}

OF_MICROSOFT: dict[str, Formula] = {
    "BiasGelu": lambda x, bias: (x + bias) * Phi(x + bias),
    "FastGelu": lambda x, bias=0: gelu_tanh(x + bias),
    "Gelu": lambda x: x * Phi(x),
    "QuickGelu": lambda x, *, alpha=1.702: x * sigmoid(alpha * x),
}

DOMAINS = {
    "": ARITHMETIC | FUNCTIONS,
    "ai.onnx": ARITHMETIC | FUNCTIONS,
    "com.microsoft": OF_MICROSOFT,
}


@cache
def parameters(formula: Formula) -> tuple[list[Any], dict[str, Any]]:
    """The defaults of the inputs, `inspect.Parameter.empty` for required ones; and of the
    attributes."""
    found = inspect.signature(formula).parameters.values()
    attribute = inspect.Parameter.KEYWORD_ONLY
    inputs = [each.default for each in found if each.kind is not attribute]
    return inputs, {each.name: each.default for each in found if each.kind is attribute}
