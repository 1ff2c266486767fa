"""The derivatives of every function: its fused backward function, if the table has one, otherwise
what PyTorch finds when it differentiates the definition in the table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.autograd.forward_ad import unpack_dual

from ._library import OPERATORS, TABLE

# (what arrives for each output, the inputs, for which inputs) -> a gradient for each input, with
# the shape of the outputs, or None.
Gradients: TypeAlias = Callable[
    [Sequence[Tensor], Sequence[Tensor], Sequence[bool]], list[Tensor | None]
]


def gradients(name: str) -> Gradients:
    """What computes the gradients of a function."""
    row, known = TABLE[name], {}
    product = products(name)
    for k, parameter in enumerate(row.inputs):
        found = product.get(parameter)
        if found is not None:
            known[k] = found

    def compute(
        dys: Sequence[Tensor], inputs: Sequence[Tensor], needed: Sequence[bool]
    ) -> list[Tensor | None]:
        computed: dict[Any, Any] = {}  # a fused function computes several gradients at once
        found: list[Tensor | None] = []
        for k, is_needed in enumerate(needed):
            if not is_needed:
                found.append(None)
                continue
            function, which = known.get(k, (from_definition, k))
            if function not in computed:
                if function is from_definition:
                    computed[function] = from_definition(name, dys, inputs)
                else:
                    computed[function] = function(*dys, *inputs)
            result = computed[function]
            found.append(result if which is None else result[which])
        return found

    return compute


def products(name: str) -> dict[str, tuple[Callable[..., Any], int | None]]:
    """{input: (function, which of its results)} for the gradients that the table has. The function
    takes what arrives for the output and the inputs."""
    row = TABLE[name]
    if row.nout > 1:
        return {}
    if f"{name}_backward" in TABLE:
        return of_backward(name)
    base, _, kind = name.rpartition("_")
    if kind == "backward":  # it is linear in dy
        this = OPERATORS[name].default
        found: dict[str, Any] = {row.inputs[0]: (lambda g, dy, *x: this(g, *x), None)}
        if row.inputs == ("dy", "x") and f"{base}_grad2" in TABLE:
            second = OPERATORS[f"{base}_grad2"].default
            found["x"] = (lambda g, dy, x: g * dy * second(x), None)
        return found
    derivative = f"{base}_grad2" if kind == "grad" else f"{name}_grad"
    if derivative in TABLE and row.nin == 1:
        slope = OPERATORS[derivative].default
        return {"x": (lambda g, x: g * slope(x), None)}
    return {}


def of_backward(name: str) -> dict[str, tuple[Callable[..., Any], int | None]]:
    row, backward = TABLE[name], TABLE[f"{name}_backward"]
    operator = OPERATORS[backward.function].default
    if backward.nout > 1:  # dgate and dup
        wanted = [output.removeprefix("d") for output in backward.outputs]
        return {each: (operator, k) for k, each in enumerate(wanted)}
    found: dict[str, tuple[Callable[..., Any], int | None]] = {row.inputs[0]: (operator, None)}
    if f"({' + '.join(row.inputs)})" in row.definition:  # a function of their sum
        found |= dict.fromkeys(row.inputs, (operator, None))
    return found


# ---- Definitions


def step(x: Tensor) -> Tensor:
    return torch.where(x > 0, 1.0, 0.0).to(x.dtype)


def density(x: Tensor) -> Tensor:
    return torch.exp(x * x / -2) / math.sqrt(2 * math.pi)


def larger(x: Tensor, bound: int) -> Tensor:
    return torch.where(x > bound, x, bound)


def smaller(x: Tensor, bound: int) -> Tensor:
    return torch.where(x < bound, x, bound)


# The head of functions.def lists them; a definition may also call other functions of the table.
WORDS: dict[str, Any] = {
    "erf": torch.erf,
    "erfc": torch.erfc,
    "exp": torch.exp,
    "expm1": torch.expm1,
    "tanh": torch.tanh,
    "sqrt": math.sqrt,
    "Phi": torch.special.ndtr,
    "phi": density,
    "log_Phi": torch.special.log_ndtr,
    "phi_over_Phi": lambda x: (
        torch.exp(-x * x / 2 - torch.special.log_ndtr(x)) / math.sqrt(2 * math.pi)
    ),
    "sigmoid": torch.sigmoid,
    "sigmoid_grad": lambda x: torch.sigmoid(x) * torch.sigmoid(-x),
    "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),
    "max": larger,
    "min": smaller,
    "step": step,
    "pi": math.pi,
    "selu_alpha": 1.6732632423543772,
    "selu_scale": 1.0507009873554805,
}


def definition(name: str) -> Callable[..., Any]:
    """The function as PyTorch computes it from its definition; 16-bit types compute in float32."""
    row = TABLE[name]
    code = compile(row.definition, f"<definition of {name}>", "eval")

    def compute(*inputs: Tensor) -> Any:
        dtype = inputs[0].dtype
        wide = [x.float() if dtype.itemsize == 2 else x for x in inputs]
        results = eval(code, DEFINITIONS | WORDS | dict(zip(row.inputs, wide, strict=True)))
        if row.nout == 1:
            return results.to(dtype)
        return tuple(result.to(dtype) for result in results)

    return compute


DEFINITIONS: dict[str, Callable[..., Any]] = {name: definition(name) for name in TABLE}


def from_definition(name: str, dys: Sequence[Tensor], inputs: Sequence[Tensor]) -> Any:
    _, vjp = torch.func.vjp(DEFINITIONS[name], *inputs)
    return vjp(tuple(dys) if len(dys) > 1 else dys[0])


def tangents(name: str, inputs: Sequence[Tensor], changes: Sequence[Tensor | None]) -> Any:
    """How the outputs change with the inputs (forward mode). The inputs carry the changes, too."""
    known = products(name)
    changed = [k for k, change in enumerate(changes) if change is not None]
    if not all(TABLE[name].inputs[k] in known for k in changed):
        results = DEFINITIONS[name](*inputs)
        if TABLE[name].nout == 1:
            return tangent(results)
        return tuple(map(tangent, results))
    plain = [unpack_dual(x).primal for x in inputs]
    total: Any = 0
    for k in changed:
        needed = [i == k for i in range(len(inputs))]
        total = total + gradients_of[name]([changes[k]], plain, needed)[k]
    return total


def tangent(result: Tensor) -> Tensor:
    found = unpack_dual(result).tangent
    return torch.zeros_like(result) if found is None else found


gradients_of = {name: gradients(name) for name in TABLE}
