"""The functions of Python, gelu_fast.torch.gelu. They convert their operands, and call the
operators in the cheapest way."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch._C import (
    _are_functorch_transforms_active,
    _AutoDispatchBelowAutograd,
    _get_tracing_state,
)
from torch.autograd.graph import increment_version
from torch.overrides import handle_torch_function, has_torch_function

from ._library import FLOATS, OPERATORS, TABLE
from ._registration import FUNCTIONS, check_writable, has_tangents

DOCSTRING = """\
{formula}

Parameters
----------
{inputs} : Tensor{or_number}
    On the CPU, in float16, bfloat16, float32 or float64. They are broadcast against each other, and
    converted to one dtype as PyTorch converts operands.
out : {out}, optional
    The tensor{s} that receive{no_s} the result{s}, of the shape and dtype of the results, or
    without elements. It may be an operand.

Returns
-------
{returns}
    The bits that `gelu_fast.{name}` returns, in the memory format that PyTorch's elementwise
    functions choose. They have derivatives.

Raises
------
TypeError
    If an operand is not a tensor, or no operand is floating-point.
ValueError
    If `out` has another shape, or a number is an integer beyond float64.
RuntimeError
    If the shapes cannot be broadcast, or `out` is given and a tensor needs a derivative. In forward
    mode, that is a NotImplementedError.

See Also
--------
gelu_fast.{name} : error bounds, limits and source

Examples
--------
>>> import torch
>>> import gelu_fast.torch
>>> gelu_fast.torch.{name}({arguments}){shape}
torch.Size([2])
"""


def function(name: str) -> Any:
    """The function of a row of the table."""
    row = TABLE[name]
    operator = OPERATORS[name].default
    # `apply` without its preparations for transforms
    differentiable = super(torch.autograd.Function, FUNCTIONS[name]).apply
    is_compiling, is_grad_enabled = torch.compiler.is_compiling, torch.is_grad_enabled

    # A call of an operator costs microseconds when its derivatives are written in Python, so calls
    # that need none go past them, and calls that need them call these directly.
    def one(x: Any, *, out: Any = None) -> Any:
        if type(x) is Tensor and x.dtype in FLOATS and out is None and not is_compiling():
            if not (x.requires_grad and is_grad_enabled()):
                if not has_tangents():
                    with _AutoDispatchBelowAutograd():
                        return operator(x)
            elif not _are_functorch_transforms_active() and not _get_tracing_state():
                return differentiable(None, x)
        return several(x, out=out)

    def several(*operands: Any, out: Any = None) -> Any:
        given = operands if out is None else (*operands, *sequence(out))
        if has_torch_function(given):  # torch.fx, subclasses of tensors
            keywords = {} if out is None else {"out": out}
            return handle_torch_function(found, given, *operands, **keywords)
        inputs = converted(name, operands)
        if out is not None:
            return write(name, inputs, out)
        needs_grad = is_grad_enabled() and any(x.requires_grad for x in inputs)
        if needs_grad or is_compiling() or has_tangents():
            return operator(*inputs)
        with _AutoDispatchBelowAutograd():
            return operator(*inputs)

    found: Any = one if row.nin == 1 else several
    kind = inspect.Parameter
    parameters = [kind(each, kind.POSITIONAL_ONLY) for each in row.inputs]
    parameters.append(kind("out", kind.KEYWORD_ONLY, default=None))
    found.__signature__ = inspect.Signature(parameters)
    found.__name__ = found.__qualname__ = name
    found.__module__ = "gelu_fast.torch"
    several_outs = row.nout > 1
    found.__doc__ = DOCSTRING.format(
        formula=row.formula,
        name=name,
        inputs=", ".join(row.inputs),
        or_number=" or number" if row.nin > 1 else "",
        out=f"tuple of {row.nout} Tensors" if several_outs else "Tensor",
        s="s" if several_outs else "",
        no_s="" if several_outs else "s",
        returns="tuple of Tensors" if several_outs else "Tensor",
        arguments=", ".join(["torch.ones(2)"] * row.nin),
        shape="[0].shape" if several_outs else ".shape",
    )
    return found


def converted(name: str, operands: Sequence[Any]) -> list[Tensor]:
    """The operands as tensors of the dtype of the result."""
    if len(operands) != TABLE[name].nin:
        raise TypeError(f"{name} takes {TABLE[name].nin} operands, but {len(operands)} were given")
    tensors = [x for x in operands if isinstance(x, Tensor)]
    for x in operands:
        if not isinstance(x, KINDS) or not tensors:
            raise TypeError(
                f"{name} takes tensors, and numbers beside them; got {type(x).__name__}"
            )
    dtype = result_dtype(tensors)
    if dtype not in FLOATS:
        raise TypeError(
            f"{name} computes in float16, bfloat16, float32 and float64; got "
            + ", ".join(str(x.dtype) for x in tensors)
        )
    device = tensors[0].device
    return [
        torch.full((), number(name, x), dtype=dtype, device=device)
        if not isinstance(x, Tensor)
        else x.to(dtype)
        if x.dtype != dtype
        else x
        for x in operands
    ]


KINDS = (Tensor, float, int, np.floating, np.integer, np.bool_)


def number(name: str, x: Any) -> float:
    try:
        return x if isinstance(x, float) else float(x)
    except OverflowError:
        raise ValueError(f"{name} takes numbers of float64; got an integer beyond them") from None


def result_dtype(tensors: Sequence[Tensor]) -> torch.dtype:
    """Tensors without dimensions count only if the others are integers, as in PyTorch."""
    if all(x.dtype == tensors[0].dtype for x in tensors):
        return tensors[0].dtype
    for x in tensors:
        if x.is_complex():
            return x.dtype
    for chosen in [x for x in tensors if x.dim() > 0], tensors:
        dtypes = [x.dtype for x in chosen]
        if dtypes and (found := functools.reduce(torch.promote_types, dtypes)).is_floating_point:
            return found
    return tensors[0].dtype


def sequence(out: Any) -> Sequence[Any]:
    return out if isinstance(out, tuple | list) else (out,)


def write(name: str, inputs: Sequence[Tensor], out: Any) -> Any:
    """Computes into `out`, and returns it."""
    row = TABLE[name]
    outs = sequence(out)
    if len(outs) != row.nout or not all(isinstance(each, Tensor) for each in outs):
        wanted = "a tensor" if row.nout == 1 else f"a tuple of {row.nout} tensors"
        raise TypeError(f"out must be {wanted}; got {type(out).__name__}")
    shape = torch.broadcast_shapes(*[x.shape for x in inputs])
    for each in outs:
        if each.dtype != inputs[0].dtype:
            raise TypeError(f"out must be {inputs[0].dtype}, as the result; got {each.dtype}")
        if each.shape != shape:
            if each.numel():
                raise ValueError(f"out must have the shape {tuple(shape)}; got {tuple(each.shape)}")
            each.resize_(shape)
    named = dict(zip(("out",) if row.nout == 1 else row.outputs, outs, strict=True))
    if torch.compiler.is_compiling():  # PyTorch makes a copy where it has to
        OPERATORS[name].out(*inputs, **named)
        return out
    check_writable(name, inputs, outs)
    if _are_functorch_transforms_active() or any(overlap(y, x) for y in outs for x in inputs):
        results = OPERATORS[name].default(*inputs)
        for each, result in zip(outs, results if row.nout > 1 else [results], strict=True):
            each.copy_(result)
    else:
        with _AutoDispatchBelowAutograd():
            OPERATORS[name].out(*inputs, **named)
        increment_version(tuple(outs))
    return out


def overlap(out: Tensor, x: Tensor) -> bool:
    """Whether a result may be written over an operand before that is read."""
    if type(out) is not Tensor or type(x) is not Tensor:
        return out is not x  # a subclass need not have memory
    is_same = out.data_ptr() == x.data_ptr() and out.stride() == x.stride() and out.shape == x.shape
    return not is_same and out.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()


PLAIN: dict[str, Callable[..., Any]] = {name: function(name) for name in TABLE}
