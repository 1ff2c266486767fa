# Written by `python -m gelu_fast._tools.stubs gelu_fast` from the table: do not edit.

from typing import Any

from numpy.typing import DTypeLike

from ._cupy import available as available
from ._function import Function
from ._register import register as register
from ._register import unregister as unregister

__all__ = [
    "available",
    "bias_gelu",
    "bias_gelu_backward",
    "bias_gelu_tanh",
    "bias_gelu_tanh_backward",
    "bias_silu",
    "bias_silu_backward",
    "elu",
    "elu_backward",
    "elu_grad",
    "erf",
    "erfc",
    "geglu",
    "geglu_backward",
    "geglu_quick",
    "geglu_quick_backward",
    "geglu_tanh",
    "geglu_tanh_backward",
    "gelu",
    "gelu_backward",
    "gelu_grad",
    "gelu_grad2",
    "gelu_quick",
    "gelu_quick_backward",
    "gelu_quick_grad",
    "gelu_tanh",
    "gelu_tanh_backward",
    "gelu_tanh_grad",
    "glu",
    "glu_backward",
    "hardsigmoid",
    "hardsigmoid_backward",
    "hardsigmoid_grad",
    "hardswish",
    "hardswish_backward",
    "hardswish_grad",
    "leaky_relu",
    "leaky_relu_backward",
    "leaky_relu_grad",
    "log_ndtr",
    "log_ndtr_backward",
    "log_ndtr_grad",
    "mish",
    "mish_backward",
    "mish_grad",
    "ndtr",
    "register",
    "reglu",
    "reglu_backward",
    "relu",
    "relu_backward",
    "relu_grad",
    "relu_squared",
    "relu_squared_backward",
    "relu_squared_grad",
    "selu",
    "selu_backward",
    "selu_grad",
    "sigmoid",
    "sigmoid_backward",
    "sigmoid_grad",
    "silu",
    "silu_backward",
    "silu_grad",
    "softplus",
    "softplus_backward",
    "softplus_grad",
    "swiglu",
    "swiglu_backward",
    "swiglu_oai",
    "swiglu_oai_backward",
    "swish",
    "swish_backward",
    "swish_grad",
    "tanh",
    "tanh_backward",
    "tanh_grad",
    "unregister",
]

class _X(Function):
    def __call__(  # type: ignore[override]
        self,
        x: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _DyX(Function):
    def __call__(  # type: ignore[override]
        self,
        dy: Any,
        x: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _GateUp(Function):
    def __call__(  # type: ignore[override]
        self,
        gate: Any,
        up: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _DyGateUp(Function):
    def __call__(  # type: ignore[override]
        self,
        dy: Any,
        gate: Any,
        up: Any,
        dgate: Any = None,
        dup: Any = None,
        /,
        *,
        out: Any = None,
        dtype: DTypeLike | None = None,
    ) -> tuple[Any, Any]: ...

class _XB(Function):
    def __call__(  # type: ignore[override]
        self,
        x: Any,
        b: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _DyXB(Function):
    def __call__(  # type: ignore[override]
        self,
        dy: Any,
        x: Any,
        b: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _XNegativeSlope(Function):
    def __call__(  # type: ignore[override]
        self,
        x: Any,
        negative_slope: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _DyXNegativeSlope(Function):
    def __call__(  # type: ignore[override]
        self,
        dy: Any,
        x: Any,
        negative_slope: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _XBeta(Function):
    def __call__(  # type: ignore[override]
        self,
        x: Any,
        beta: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

class _DyXBeta(Function):
    def __call__(  # type: ignore[override]
        self,
        dy: Any,
        x: Any,
        beta: Any,
        /,
        out: Any = None,
        *,
        dtype: DTypeLike | None = None,
    ) -> Any: ...

gelu: _X
"""x * Phi(x), Phi the standard normal distribution function"""
gelu_grad: _X
"""d/dx gelu(x) = Phi(x) + x * phi(x), phi the standard normal density"""
gelu_grad2: _X
"""d2/dx2 gelu(x) = phi(x) * (2 - x^2), phi the standard normal density"""
gelu_tanh: _X
"""x * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))) / 2"""
gelu_tanh_grad: _X
"""d/dx gelu_tanh(x)"""
gelu_backward: _DyX
"""dy * d/dx gelu(x) = dy * (Phi(x) + x * phi(x)), phi the standard normal density"""
gelu_tanh_backward: _DyX
"""dy * d/dx gelu_tanh(x)"""
erf: _X
"""2/sqrt(pi) * integral of exp(-t^2) for t from 0 to x"""
erfc: _X
"""1 - erf(x)"""
ndtr: _X
"""Phi(x) = (1 + erf(x / sqrt(2))) / 2, the standard normal distribution function"""
tanh: _X
"""(exp(x) - exp(-x)) / (exp(x) + exp(-x)), the hyperbolic tangent"""
sigmoid: _X
"""1 / (1 + exp(-x)), the logistic function"""
relu: _X
"""max(x, 0)"""
relu_grad: _X
"""d/dx relu(x) = 1 for x > 0, 0 for x <= 0"""
relu_backward: _DyX
"""dy * d/dx relu(x) = dy for x > 0, dy * 0 for x <= 0"""
relu_squared: _X
"""max(x, 0)^2"""
relu_squared_grad: _X
"""d/dx relu_squared(x) = 2 * max(x, 0)"""
relu_squared_backward: _DyX
"""dy * d/dx relu_squared(x) = dy * 2 * max(x, 0)"""
hardsigmoid: _X
"""min(max(x / 6 + 1/2, 0), 1)"""
hardsigmoid_grad: _X
"""d/dx hardsigmoid(x) = 1/6 for -3 < x < 3, 0 elsewhere"""
hardsigmoid_backward: _DyX
"""dy * d/dx hardsigmoid(x) = dy / 6 for -3 < x < 3, dy * 0 elsewhere"""
hardswish: _X
"""x * min(max(x / 6 + 1/2, 0), 1)"""
hardswish_grad: _X
"""d/dx hardswish(x) = x / 3 + 1/2 for -3 < x < 3, 0 below, 1 above"""
hardswish_backward: _DyX
"""dy * d/dx hardswish(x)"""
silu: _X
"""x * sigmoid(x) = x / (1 + exp(-x)), also called swish"""
silu_grad: _X
"""d/dx silu(x) = sigmoid(x) + x * sigmoid(x) * sigmoid(-x)"""
silu_backward: _DyX
"""dy * d/dx silu(x)"""
gelu_quick: _X
"""x * sigmoid(1.702 x)"""
gelu_quick_grad: _X
"""d/dx gelu_quick(x) = sigmoid(1.702 x) + 1.702 x * sigmoid(1.702 x) * sigmoid(-1.702 x)"""
gelu_quick_backward: _DyX
"""dy * d/dx gelu_quick(x)"""
sigmoid_grad: _X
"""d/dx sigmoid(x) = sigmoid(x) * sigmoid(-x)"""
sigmoid_backward: _DyX
"""dy * d/dx sigmoid(x) = dy * sigmoid(x) * sigmoid(-x)"""
tanh_grad: _X
"""d/dx tanh(x) = 1 - tanh(x)^2"""
tanh_backward: _DyX
"""dy * d/dx tanh(x) = dy * (1 - tanh(x)^2)"""
mish: _X
"""x * tanh(softplus(x)), softplus(x) = log(1 + exp(x))"""
mish_grad: _X
"""d/dx mish(x) = t + x * sigmoid(x) * (1 - t^2), t = tanh(softplus(x))"""
mish_backward: _DyX
"""dy * d/dx mish(x)"""
softplus: _X
"""log(1 + exp(x))"""
softplus_grad: _X
"""d/dx softplus(x) = 1 / (1 + exp(-x)), the logistic function"""
softplus_backward: _DyX
"""dy * d/dx softplus(x) = dy / (1 + exp(-x))"""
elu: _X
"""x for x > 0, exp(x) - 1 otherwise"""
elu_grad: _X
"""d/dx elu(x) = 1 for x > 0, exp(x) otherwise"""
elu_backward: _DyX
"""dy * d/dx elu(x) = dy for x > 0, dy * exp(x) otherwise"""
selu: _X
"""1.0507... * x for x > 0, 1.7580... * (exp(x) - 1) otherwise"""
selu_grad: _X
"""d/dx selu(x) = 1.0507... for x > 0, 1.7580... * exp(x) otherwise"""
selu_backward: _DyX
"""dy * d/dx selu(x)"""
log_ndtr: _X
"""log(Phi(x)), Phi the standard normal distribution function"""
log_ndtr_grad: _X
"""d/dx log_ndtr(x) = phi(x) / Phi(x), phi the standard normal density"""
log_ndtr_backward: _DyX
"""dy * d/dx log_ndtr(x) = dy * phi(x) / Phi(x), phi the standard normal density"""
geglu: _GateUp
"""gelu(gate) * up"""
geglu_backward: _DyGateUp
"""the derivatives of geglu, times dy: gelu_backward(dy * up, gate) and gelu(gate) * dy"""
geglu_tanh: _GateUp
"""gelu_tanh(gate) * up"""
geglu_tanh_backward: _DyGateUp
"""the derivatives of geglu_tanh, times dy: gelu_tanh_backward(dy * up, gate) and gelu_tanh(gate) *
dy"""
bias_gelu: _XB
"""gelu(x + b)"""
bias_gelu_backward: _DyXB
"""gelu_backward(dy, x + b)"""
bias_gelu_tanh: _XB
"""gelu_tanh(x + b)"""
bias_gelu_tanh_backward: _DyXB
"""gelu_tanh_backward(dy, x + b)"""
geglu_quick: _GateUp
"""gelu_quick(gate) * up"""
geglu_quick_backward: _DyGateUp
"""the derivatives of geglu_quick, times dy: gelu_quick_backward(dy * up, gate) and gelu_quick(gate)
* dy"""
swiglu: _GateUp
"""silu(gate) * up"""
swiglu_backward: _DyGateUp
"""the derivatives of swiglu, times dy: silu_backward(dy * up, gate) and silu(gate) * dy"""
swiglu_oai: _GateUp
"""gelu_quick(min(gate, 7)) * (min(max(up, -7), 7) + 1)"""
swiglu_oai_backward: _DyGateUp
"""the derivatives of swiglu_oai, times dy, which are 0 where gate > 7 and where abs(up) > 7"""
reglu: _GateUp
"""relu(gate) * up"""
reglu_backward: _DyGateUp
"""the derivatives of reglu, times dy: relu_backward(dy * up, gate) and relu(gate) * dy"""
glu: _GateUp
"""sigmoid(gate) * up"""
glu_backward: _DyGateUp
"""the derivatives of glu, times dy: sigmoid_backward(dy * up, gate) and sigmoid(gate) * dy"""
bias_silu: _XB
"""silu(x + b)"""
bias_silu_backward: _DyXB
"""silu_backward(dy, x + b)"""
leaky_relu: _XNegativeSlope
"""x for x > 0, negative_slope * x otherwise"""
leaky_relu_grad: _XNegativeSlope
"""d/dx leaky_relu(x, negative_slope) = 1 for x > 0, negative_slope otherwise"""
leaky_relu_backward: _DyXNegativeSlope
"""dy * leaky_relu_grad(x, negative_slope)"""
swish: _XBeta
"""x * sigmoid(beta * x)"""
swish_grad: _XBeta
"""d/dx swish(x, beta) = silu_grad(beta * x)"""
swish_backward: _DyXBeta
"""dy * d/dx swish(x, beta) = silu_backward(dy, beta * x)"""
