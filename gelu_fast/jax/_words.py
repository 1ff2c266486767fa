"""The words of the table's definitions in JAX, to differentiate functions whose derivative the
table lacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from jax import lax
from jax import numpy as jnp

Function = Callable[..., Any]


def exp(x: Any) -> Any:
    """Constant from where the square of the result would overflow, because 1 / (1 + exp(x)) has
    that in its derivative."""
    most = math.log(float(jnp.finfo(x.dtype).max)) / 2 - 1
    return jnp.exp(minimum(x, most))


def step(x: Any) -> Any:
    return jnp.where(x > 0, 1.0, 0.0).astype(x.dtype)


def maximum(x: Any, y: Any) -> Any:
    """Unlike jnp.maximum it has a derivative like the table's where x = y: that of y."""
    return jnp.where(x > y, x, y)


def minimum(x: Any, y: Any) -> Any:
    return jnp.where(x < y, x, y)


def phi(x: Any) -> Any:
    return jnp.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def words(functions: dict[str, Function]) -> dict[str, Any]:
    """The words, for definitions that may call the functions too."""

    def Phi(x: Any) -> Any:
        return lax.erfc(-x / math.sqrt(2)) / 2

    def sigmoid_grad(x: Any) -> Any:
        return functions["sigmoid"](x) * functions["sigmoid"](-x)

    def phi_over_Phi(x: Any) -> Any:
        return jnp.exp(-x * x / 2 - functions["log_ndtr"](x)) / math.sqrt(2 * math.pi)

    return {
        **functions,
        "erf": lax.erf,
        "erfc": lax.erfc,
        "exp": exp,
        "expm1": jnp.expm1,
        "max": maximum,
        "min": minimum,
        "phi": phi,
        "Phi": Phi,
        "log_Phi": functions["log_ndtr"],
        "phi_over_Phi": phi_over_Phi,
        "pi": math.pi,
        "selu_alpha": 1.6732632423543772848170429916717,
        "selu_scale": 1.0507009873554804934193349852946,
        "sigmoid_grad": sigmoid_grad,
        "sqrt": jnp.sqrt,
        "step": step,
    }
