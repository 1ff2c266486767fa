# Written by `python -m gelu_fast._tools.stubs gelu_fast` from the table: do not edit.

from .. import _Exact

__all__ = [
    "erf",
    "erfc",
    "gelu",
    "gelu_grad",
    "gelu_quick",
    "gelu_tanh",
    "gelu_tanh_grad",
    "mish",
    "ndtr",
    "sigmoid",
    "silu",
    "silu_grad",
    "softplus",
    "tanh",
]

gelu: _Exact
"""x * Phi(x), Phi the standard normal distribution function"""
gelu_grad: _Exact
"""d/dx gelu(x) = Phi(x) + x * phi(x), phi the standard normal density"""
gelu_tanh: _Exact
"""x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) / 2"""
gelu_tanh_grad: _Exact
"""d/dx gelu_tanh(x)"""
erf: _Exact
"""2/sqrt(pi) * integral of exp(-t^2) for t from 0 to x"""
erfc: _Exact
"""1 - erf(x)"""
ndtr: _Exact
"""Phi(x) = (1 + erf(x / sqrt(2))) / 2, the standard normal distribution function"""
tanh: _Exact
"""(exp(x) - exp(-x)) / (exp(x) + exp(-x)), the hyperbolic tangent"""
sigmoid: _Exact
"""1 / (1 + exp(-x)), the logistic function"""
silu: _Exact
"""x * sigmoid(x) = x / (1 + exp(-x)), also called swish"""
silu_grad: _Exact
"""d/dx silu(x) = sigmoid(x) + x * sigmoid(x) * sigmoid(-x)"""
gelu_quick: _Exact
"""x * sigmoid(1.702 x)"""
mish: _Exact
"""x * tanh(softplus(x)), softplus(x) = log(1 + exp(x))"""
softplus: _Exact
"""log(1 + exp(x))"""
