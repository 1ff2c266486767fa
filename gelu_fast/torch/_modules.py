"""The functions as modules: those of torch.nn with their arguments, the gates, and any function."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch._C import _are_functorch_transforms_active, _get_tracing_state
from torch.overrides import handle_torch_function, has_torch_function_unary

from .._frameworks.names import NAMES
from .._gates.halves import ORDERS
from ._functions import PLAIN
from ._library import FLOATS, TABLE
from ._registration import has_tangents


class Activation(nn.Module):  # type: ignore[misc]
    """A function of one input as a module.

    Parameters
    ----------
    name : str
        The name of the function in `gelu_fast`, such as "gelu_quick".

    Raises
    ------
    ValueError
        If there is no such function of one input.

    Examples
    --------
    >>> import torch
    >>> import gelu_fast.torch
    >>> gelu_fast.torch.Activation("gelu_quick")(torch.tensor([2.0]))
    tensor([1.9357])
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        if name not in TABLE or TABLE[name].nin != 1:
            known = [each for each, row in TABLE.items() if row.nin == 1]
            raise ValueError(f"name must be one of {known}; got {name!r}")
        self.name = name

    def forward(self, input: Tensor) -> Tensor:
        return PLAIN[self.name](input)

    def extra_repr(self) -> str:
        return repr(self.name)


# ---- Modules of torch.nn


def meaning(module: nn.Module, base: type[nn.Module]) -> tuple[str, tuple[str, ...]] | None:
    """(function, attributes that are its further inputs) of a module with the parameters of `base`,
    a module of torch.nn, or None if the table does not have its function, or not with these
    parameters."""
    spelled = {name.replace("_", ""): name for name in NAMES["torch"]}
    name = base.__name__.lower()
    if name not in spelled:
        return None
    function = NAMES["torch"][spelled[name]][0].rpartition(".")[2]
    if function not in TABLE:
        return None
    inputs = TABLE[function].inputs[1:]
    if getattr(module, "approximate", "none") != "none":
        function = f"{function}_{module.approximate}"
    default = {n: k for n, k in vars(base()).items() if n in parameters_of(module)}
    for parameter in set(parameters_of(module)) - {"inplace", "approximate", *inputs}:
        if getattr(module, parameter) != default[parameter]:
            return None
    return (function, inputs) if function in TABLE else None


def parameters_of(module: nn.Module) -> list[str]:
    """The names of the arguments that a module of torch.nn was made with."""
    return list(getattr(module, "__constants__", []))


def module(base: Any) -> type[nn.Module]:
    """A module with the arguments of a module of torch.nn, which computes with this library."""

    def __init__(self: Any, *arguments: Any, **keywords: Any) -> None:
        base.__init__(self, *arguments, **keywords)
        self.meaning = found(self)

    def __setattr__(self: Any, name: str, value: Any) -> None:
        before = vars(self).get(name)
        base.__setattr__(self, name, value)
        if name in parameters_of(self) and "meaning" in vars(self):
            try:
                self.meaning = found(self)
            except ValueError:
                base.__setattr__(self, name, before)
                raise

    def found(self: Any) -> tuple[str, tuple[str, ...]]:
        known = meaning(self, base)
        if known is None:
            raise ValueError(f"gelu_fast does not have the function of torch.nn.{self}")
        return known

    def forward(self: Any, input: Tensor) -> Tensor:
        function, further = self.meaning
        operands = [getattr(self, name) for name in further]
        if isinstance(input, Tensor) and input.dtype not in FLOATS:
            return base.forward(self, input)  # torch.nn computes some functions of integers
        if not getattr(self, "inplace", False):
            return PLAIN[function](input, *operands)
        return in_place(function, input, *operands)

    members = {
        "__init__": __init__,
        "__setattr__": __setattr__,
        "forward": forward,
        "__module__": "gelu_fast.torch",
        "__doc__": f"`torch.nn.{base.__name__}`, computed by gelu_fast. It raises a ValueError for "
        "parameters whose function the table does not have.",
    }
    return type(base.__name__, (base,), members)


MODULES: dict[str, Any] = {
    name: module(base)
    for name, base in vars(nn).items()
    if isinstance(base, type) and name.lower() in {n.replace("_", "") for n in NAMES["torch"]}
    if meaning(base(), base) is not None
}


def in_place(function: str, input: Tensor, *operands: float) -> Tensor:
    """Writes the results over the input; derivatives need the input, so they work on a copy."""
    if has_torch_function_unary(input):
        return handle_torch_function(in_place, (input,), function, input, *operands)
    if not isinstance(input, Tensor):
        return PLAIN[function](input, *operands)  # it refuses that
    if (
        torch.compiler.is_compiling()
        or (torch.is_grad_enabled() and input.requires_grad)
        or has_tangents()
        or _are_functorch_transforms_active()
        or _get_tracing_state()
    ):
        return input.copy_(PLAIN[function](input.clone(), *operands))
    return PLAIN[function](input, *operands, out=input)


# ---- Gates


class Gate(nn.Module):  # type: ignore[misc]
    """A gate of which the input holds both halves."""

    function: str
    default_order: str

    def __init__(self, dim: int = -1, order: str | None = None) -> None:
        super().__init__()
        self.dim, self.order = dim, order or self.default_order
        if self.order not in ORDERS:
            raise ValueError(f"order must be one of {list(ORDERS)}; got {order!r}")

    def forward(self, input: Tensor) -> Tensor:
        return gated(self.function, input, self.dim, self.order)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, order={self.order!r}"


def gated(function: str, input: Tensor, dim: int, order: str) -> Tensor:
    """The gate of the halves of the input; one step for torch.fx, which knows no lengths."""
    if has_torch_function_unary(input):
        return handle_torch_function(gated, (input,), function, input, dim, order)
    if not isinstance(input, Tensor):
        raise TypeError(f"input must be a tensor; got {type(input).__name__}")
    if not -input.dim() <= dim < input.dim():
        raise np.exceptions.AxisError(
            f"input must have dimension {dim}, for two halves; it has {input.dim()} dimensions"
        )
    length = input.shape[dim]
    if length % 2:
        raise ValueError(
            f"input must have an even length in dimension {dim}, for two halves; got {length}"
        )
    index = (slice(None),) * (dim % input.dim())
    return PLAIN[function](*[input[(*index, half)] for half in ORDERS[order](length)])


GATE = """\
{function}(gate, up) = {formula}, as a module whose input holds gate and up.

Parameters
----------
dim : int, optional
    The dimension that holds the halves.
order : {{"gate-first", "up-first", "interleaved"}}, optional
    The order of the halves, by default {order!r}.

Raises
------
ValueError
    If the order does not exist, and in calls, if the length of the dimension is odd, or the input
    does not have the dimension (numpy.exceptions.AxisError).

Examples
--------
>>> import torch
>>> import gelu_fast.torch
>>> gelu_fast.torch.{name}()(torch.ones(3, 8)).shape
torch.Size([3, 4])
"""


def gate(function: str) -> type[nn.Module]:
    stem, _, form = function.partition("glu")
    name = {"ge": "GE"}.get(stem, stem.capitalize()) + "GLU" + form[1:].capitalize()
    order = "gate-first" if stem else "up-first"  # torch.nn.GLU takes the second half as the gate
    members = {
        "function": function,
        "default_order": order,
        "__module__": "gelu_fast.torch",
        "__doc__": GATE.format(
            function=function, formula=TABLE[function].formula, name=name, order=order
        ),
    }
    return type(name, (Gate,), members)


for row in TABLE.values():
    if row.inputs == ("gate", "up"):
        made = gate(row.function)
        MODULES[made.__name__] = made
