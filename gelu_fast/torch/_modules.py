"""The functions as modules: those of torch.nn with their arguments, the gates, and any function."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .._frameworks.names import NAMES
from .._gates.halves import ORDERS
from ._functions import PLAIN
from ._library import TABLE


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


def meaning(module: nn.Module) -> tuple[str, tuple[str, ...]] | None:
    """(function, attributes that are its further inputs) of a module of torch.nn, or None if the
    table does not have its function, or not with these parameters."""
    spelled = {name.replace("_", ""): name for name in NAMES["torch"]}
    name = type(module).__name__.lower()
    if name not in spelled:
        return None
    function = NAMES["torch"][spelled[name]][0].rpartition(".")[2]
    if function not in TABLE:
        return None
    inputs = TABLE[function].inputs[1:]
    if getattr(module, "approximate", "none") != "none":
        function = f"{function}_{module.approximate}"
    default = {n: k for n, k in vars(type(module)()).items() if n in parameters_of(module)}
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
        self.meaning = meaning(base(*arguments, **keywords))
        if self.meaning is None:
            raise ValueError(f"gelu_fast does not have the function of torch.nn.{self}")

    def forward(self: Any, input: Tensor) -> Tensor:
        function, further = self.meaning
        operands = [getattr(self, name) for name in further]
        if not getattr(self, "inplace", False):
            return PLAIN[function](input, *operands)
        if torch.is_grad_enabled() and input.requires_grad:
            return input.copy_(PLAIN[function](input.clone(), *operands))
        return PLAIN[function](input, *operands, out=input)

    members = {
        "__init__": __init__,
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
    if meaning(base()) is not None
}

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
        length = input.shape[self.dim]
        if length % 2:
            raise ValueError(
                f"input must have an even length in dimension {self.dim}, for two halves; "
                f"got {length}"
            )
        dim = self.dim % input.dim()
        parts = [input[(slice(None),) * dim + (half,)] for half in ORDERS[self.order](length)]
        return PLAIN[self.function](*parts)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, order={self.order!r}"


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
    If the order does not exist, and in calls, if the length of the dimension is odd.

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
