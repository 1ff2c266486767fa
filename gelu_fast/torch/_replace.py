"""`replace` lets the activations of a model be computed by this library."""

from __future__ import annotations

import copy
import functools
import sys
from typing import Any, NamedTuple

import torch
from torch import nn

from .._frameworks.names import NAMES
from ._functions import PLAIN
from ._library import TABLE
from ._modules import MODULES, Activation, meaning


class Swap(NamedTuple):
    """An activation of a model: its path, what it was, and what it is now."""

    path: str
    old: str
    new: str


class Report(NamedTuple):
    """What `replace` has swapped, and what it has left alone; the `new` of these says why."""

    swapped: list[Swap]
    left: list[Swap]

    def __str__(self) -> str:
        lines = [f"{path}: {old} -> {new}" for path, old, new in self.swapped]
        return "\n".join(
            [*lines, *(f"{path}: {old} is left: {why}" for path, old, why in self.left)]
        )


NO_FUNCTION = "gelu_fast does not have this function with these parameters"


def replace(model: nn.Module) -> Report:
    """Swap the activations of a model, in place, for those of this library.

    It swaps modules of exactly the types of torch.nn and of ACT2FN of Hugging Face's transformers,
    and attributes of modules that are functions of PyTorch, such as the `activation` of
    `torch.nn.TransformerEncoderLayer`. Weights, hooks and names of modules stay.

    Parameters
    ----------
    model : torch.nn.Module
        The model, which contains the activations.

    Returns
    -------
    Report
        `swapped` and `left`: lists of (path, old, new). `left` has the activations that stay,
        because gelu_fast does not have their function or not with their parameters. `print` shows
        a line for each.

    Raises
    ------
    TypeError
        If `model` is not a module.
    ValueError
        If `model` is itself an activation, which cannot be swapped in place.

    Notes
    -----
    A `torch.nn.TransformerEncoderLayer` whose activation is swapped no longer takes the path of
    PyTorch that computes the whole layer at once in inference, with its own activation.

    Examples
    --------
    >>> import torch
    >>> import gelu_fast.torch
    >>> model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.GELU(), torch.nn.PReLU())
    >>> print(gelu_fast.torch.replace(model))
    1: GELU(approximate='none') -> gelu_fast.torch.GELU(approximate='none')
    2: PReLU(num_parameters=1) is left: gelu_fast does not have this function with these parameters
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module; got {type(model).__name__}")
    if successor(model) is not None:
        raise ValueError(f"model must contain activations; got an activation, {model}")
    report = Report([], [])
    successors: dict[int, nn.Module] = {}  # a module may have several places in a model
    for path, parent in [*model.named_modules(remove_duplicate=False)]:
        if id(parent) in successors:
            continue
        for name, old in [*parent._modules.items()]:
            place = f"{path}.{name}" if path else name
            if old is None or type(old).__module__ == "gelu_fast.torch":
                continue
            new = successors.get(id(old)) or successor(old)
            if new is not None:
                successors[id(old)] = new
                report.swapped.append(Swap(place, str(old), f"gelu_fast.torch.{new}"))
                put(parent, name, new)
            elif is_activation(old):
                report.left.append(Swap(place, str(old), NO_FUNCTION))
        for name, old in [*vars(parent).items()]:
            function = function_of(old)
            if function is not None:
                place = f"{path}.{name}" if path else name
                report.swapped.append(Swap(place, spelled(old), f"gelu_fast.torch.{function}"))
                put(parent, name, PLAIN[function])
    return report


def put(parent: nn.Module, name: str, new: Any) -> None:
    setattr(parent, name, new)
    if name == "activation" and hasattr(parent, "activation_relu_or_gelu"):
        parent.activation_relu_or_gelu = 0


# ---- Modules


def successor(old: nn.Module) -> nn.Module | None:
    """The module that replaces one, or None."""
    kind = type(old)
    name = kind.__name__
    if "forward" in vars(old):  # it computes something else than its type
        return None
    if getattr(nn, name, None) is kind and name in MODULES:
        if name == "GLU":
            return inheriting(MODULES[name](old.dim), old)
        known = meaning(old, kind)
        if known is None:
            return None
        new: Any = copy.copy(old)
        new.__class__, new.meaning = MODULES[name], known
        return new
    function = hugging_face().get(kind)
    return inheriting(Activation(function), old) if function in TABLE else None


def inheriting(new: nn.Module, old: nn.Module) -> nn.Module:
    """The new module with what every module has from the old one: its hooks, training ..."""
    vars(new).update({name: vars(old)[name] for name in vars(nn.Module())})
    return new


def hugging_face() -> dict[type, str]:
    """{class: function} of transformers' ACT2FN; a model that has its modules has imported it."""
    classes = getattr(sys.modules.get("transformers.activations"), "ACT2CLS", {})
    names = NAMES["huggingface"]
    return {
        value[0] if isinstance(value, tuple) else value: names[key][0] if key in names else ""
        for key, value in classes.items()
    }


def is_activation(module: nn.Module) -> bool:
    homes = "torch.nn.modules.activation", "transformers.activations"
    function = hugging_face().get(type(module))
    return type(module).__module__ in homes and not module._modules and function != "linear"


# ---- Functions


@functools.cache
def functions() -> dict[Any, str]:
    """{function of PyTorch: function of the table}."""
    found = {}
    for name, (function, parameters) in NAMES["torch"].items():
        if function in TABLE and not parameters:
            for home in nn.functional, torch:
                if callable(known := getattr(home, name, None)):
                    found[known] = function
    return found


def function_of(value: Any) -> str | None:
    """The function of the table that a function of PyTorch computes, or None."""
    approximate = ""
    if isinstance(value, functools.partial) and not value.args:
        if set(value.keywords) != {"approximate"}:
            return None
        if value.keywords["approximate"] != "none":
            approximate = f"_{value.keywords['approximate']}"
        value = value.func
    if not callable(value) or getattr(value, "__hash__", None) is None:
        return None
    function = functions().get(value)
    return f"{function}{approximate}" if function and f"{function}{approximate}" in TABLE else None


def spelled(value: Any) -> str:
    if isinstance(value, functools.partial):
        return f"{value.func.__name__}, approximate={value.keywords['approximate']!r}"
    return str(value.__name__)
