# Written by `python -m gelu_fast._tools.stubs gelu_fast` from the table: do not edit.

from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from .._core.arrays import Array, Scalar
from .._tools.stubs.ufuncs import Arrays, F, Plain, SmallF

__all__ = [
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
]

class _X(Protocol):
    @overload
    def __call__(
        self,
        x: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        x: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        x: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        x: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        x: Arrays,
        /,
    ) -> Array: ...

class _DyX(Protocol):
    @overload
    def __call__(
        self,
        dy: float,
        x: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        dy: SmallF,
        x: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        dy: Scalar,
        x: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        dy: NDArray[F],
        x: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        dy: Arrays,
        x: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        x: Arrays,
        /,
    ) -> Array: ...

class _GateUp(Protocol):
    @overload
    def __call__(
        self,
        gate: float,
        up: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        gate: SmallF,
        up: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        gate: Scalar,
        up: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        gate: NDArray[F],
        up: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        gate: Arrays,
        up: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        gate: Plain,
        up: Arrays,
        /,
    ) -> Array: ...

class _DyGateUp(Protocol):
    @overload
    def __call__(
        self,
        dy: float,
        gate: float,
        up: float,
        /,
    ) -> tuple[np.float64, np.float64]: ...
    @overload
    def __call__(
        self,
        dy: SmallF,
        gate: SmallF,
        up: SmallF,
        /,
    ) -> tuple[SmallF, SmallF]: ...
    @overload
    def __call__(
        self,
        dy: Scalar,
        gate: Scalar,
        up: Scalar,
        /,
    ) -> tuple[Any, Any]: ...
    @overload
    def __call__(
        self,
        dy: NDArray[F],
        gate: NDArray[F],
        up: NDArray[F],
        /,
    ) -> tuple[NDArray[F], NDArray[F]]: ...
    @overload
    def __call__(
        self,
        dy: Arrays,
        gate: Plain,
        up: Plain,
        /,
    ) -> tuple[Array, Array]: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        gate: Arrays,
        up: Plain,
        /,
    ) -> tuple[Array, Array]: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        gate: Plain,
        up: Arrays,
        /,
    ) -> tuple[Array, Array]: ...

class _XB(Protocol):
    @overload
    def __call__(
        self,
        x: float,
        b: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        x: SmallF,
        b: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        x: Scalar,
        b: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        x: NDArray[F],
        b: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        x: Arrays,
        b: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        x: Plain,
        b: Arrays,
        /,
    ) -> Array: ...

class _DyXB(Protocol):
    @overload
    def __call__(
        self,
        dy: float,
        x: float,
        b: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        dy: SmallF,
        x: SmallF,
        b: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        dy: Scalar,
        x: Scalar,
        b: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        dy: NDArray[F],
        x: NDArray[F],
        b: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        dy: Arrays,
        x: Plain,
        b: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        x: Arrays,
        b: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        x: Plain,
        b: Arrays,
        /,
    ) -> Array: ...

class _XNegativeSlope(Protocol):
    @overload
    def __call__(
        self,
        x: float,
        negative_slope: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        x: SmallF,
        negative_slope: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        x: Scalar,
        negative_slope: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        x: NDArray[F],
        negative_slope: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        x: Arrays,
        negative_slope: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        x: Plain,
        negative_slope: Arrays,
        /,
    ) -> Array: ...

class _DyXNegativeSlope(Protocol):
    @overload
    def __call__(
        self,
        dy: float,
        x: float,
        negative_slope: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        dy: SmallF,
        x: SmallF,
        negative_slope: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        dy: Scalar,
        x: Scalar,
        negative_slope: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        dy: NDArray[F],
        x: NDArray[F],
        negative_slope: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        dy: Arrays,
        x: Plain,
        negative_slope: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        x: Arrays,
        negative_slope: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        x: Plain,
        negative_slope: Arrays,
        /,
    ) -> Array: ...

class _XBeta(Protocol):
    @overload
    def __call__(
        self,
        x: float,
        beta: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        x: SmallF,
        beta: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        x: Scalar,
        beta: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        x: NDArray[F],
        beta: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        x: Arrays,
        beta: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        x: Plain,
        beta: Arrays,
        /,
    ) -> Array: ...

class _DyXBeta(Protocol):
    @overload
    def __call__(
        self,
        dy: float,
        x: float,
        beta: float,
        /,
    ) -> np.float64: ...
    @overload
    def __call__(
        self,
        dy: SmallF,
        x: SmallF,
        beta: SmallF,
        /,
    ) -> SmallF: ...
    @overload
    def __call__(
        self,
        dy: Scalar,
        x: Scalar,
        beta: Scalar,
        /,
    ) -> Any: ...
    @overload
    def __call__(
        self,
        dy: NDArray[F],
        x: NDArray[F],
        beta: NDArray[F],
        /,
    ) -> NDArray[F]: ...
    @overload
    def __call__(
        self,
        dy: Arrays,
        x: Plain,
        beta: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        x: Arrays,
        beta: Plain,
        /,
    ) -> Array: ...
    @overload
    def __call__(
        self,
        dy: Plain,
        x: Plain,
        beta: Arrays,
        /,
    ) -> Array: ...

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
