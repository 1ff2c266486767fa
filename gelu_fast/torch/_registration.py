"""What PyTorch needs to know about an operator beside its kernel: derivatives, shapes, batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch._C import (
    _after_autograd_keyset,
    _any_requires_grad,
    _are_functorch_transforms_active,
    _AutoDispatchBelowAutograd,
)
from torch._functorch.utils import enable_single_level_autograd_function
from torch.autograd import forward_ad
from torch.autograd.graph import increment_version

from ._derivatives import gradients_of, products, tangents
from ._library import FLOATS, OPERATORS, TABLE

library = torch.library.Library("gelu_fast", "FRAGMENT")


def autograd_function(name: str) -> type[torch.autograd.Function]:
    """The function with its derivatives. Its first argument is a set of dispatch keys, or None."""
    operator, compute = OPERATORS[name].default, gradients_of[name]
    fused = products(name).get("x", (None, None))[0] if TABLE[name].nin == 1 else None

    class Differentiable(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(ctx: Any, keys: Any, *inputs: Tensor) -> Any:
            ctx.save_for_backward(*inputs)
            if has_tangents():
                ctx.save_for_forward(*inputs)
            with _AutoDispatchBelowAutograd():
                if keys is None:
                    return operator(*inputs)
                if not _are_functorch_transforms_active():
                    return operator.redispatch(keys & _after_autograd_keyset, *inputs)
                # PyTorch has switched derivatives off, but other levels of transforms need them.
                with torch.enable_grad(), forward_ad._set_fwd_grad_enabled(True):
                    return operator.redispatch(keys & _after_autograd_keyset, *inputs)

        @staticmethod
        def backward(ctx: Any, *dys: Tensor) -> Any:
            inputs = ctx.saved_tensors
            if fused and not torch.is_grad_enabled():
                with _AutoDispatchBelowAutograd():
                    return None, fused(*dys, *inputs)
            found = compute(dys, inputs, ctx.needs_input_grad[1:])
            return None, *map(like, found, inputs)

        @staticmethod
        def jvp(ctx: Any, keys: Any, *changes: Tensor | None) -> Any:
            with torch.enable_grad(), forward_ad._set_fwd_grad_enabled(True):
                return tangents(name, ctx.saved_tensors, changes)

    Differentiable.__name__ = Differentiable.__qualname__ = f"{name}_autograd"
    return Differentiable


def like(gradient: Tensor | None, x: Tensor) -> Tensor | None:
    """The sum of a gradient over the dimensions along which x is broadcast."""
    if gradient is None or gradient.shape == x.shape:
        return gradient
    return gradient.sum_to_size(x.shape)


def autograd_kernel(name: str) -> Callable[..., Any]:
    operator, function = OPERATORS[name].default, FUNCTIONS[name]

    def kernel(keys: Any, *inputs: Tensor) -> Any:
        if (torch.is_grad_enabled() and _any_requires_grad(*inputs)) or has_tangents():
            if not _are_functorch_transforms_active():
                return function.apply(keys, *inputs)
            # The transform has called this kernel for one of its levels.
            with enable_single_level_autograd_function():
                return super(torch.autograd.Function, function).apply(keys, *inputs)
        with _AutoDispatchBelowAutograd():
            return operator.redispatch(keys & _after_autograd_keyset, *inputs)

    return kernel


def has_tangents() -> bool:
    return bool(forward_ad._current_level >= 0)


def out_kernel(name: str) -> Callable[..., Any]:
    operator = OPERATORS[name].out

    def kernel(keys: Any, *inputs: Tensor, **outs: Tensor) -> None:
        check_writable(name, inputs, [*outs.values()])
        with _AutoDispatchBelowAutograd():
            operator.redispatch(keys & _after_autograd_keyset, *inputs, **outs)
        increment_version(tuple(outs.values()))

    return kernel


def check_writable(name: str, inputs: Sequence[Tensor], outs: Sequence[Tensor]) -> None:
    """Refuses what PyTorch's functions refuse with `out`, with its errors."""
    tensors = [*inputs, *outs]
    if torch.is_grad_enabled() and _any_requires_grad(*tensors):
        raise RuntimeError(
            f"gelu_fast::{name}: functions with out=... arguments don't support automatic "
            "differentiation, but one of the arguments requires grad."
        )
    if has_tangents() and any(forward_ad.unpack_dual(x).tangent is not None for x in tensors):
        raise NotImplementedError(
            f"gelu_fast::{name}: functions with out=... arguments don't support automatic "
            "differentiation in forward mode, but one of the arguments has a tangent."
        )
    if any(out.is_inference() for out in outs) and not torch.is_inference_mode_enabled():
        raise RuntimeError(
            f"gelu_fast::{name}: out must not be an inference tensor outside InferenceMode; "
            "out.clone() gives a normal tensor."
        )


def negative_kernel(name: str) -> Callable[..., None]:
    """For an `out` with the negative bit, of which PyTorch's own rule would need results."""
    operator = OPERATORS[name].default

    def kernel(*inputs: Tensor, **outs: Tensor) -> None:
        results = operator(*inputs)
        for out, result in zip(outs.values(), results if len(outs) > 1 else [results], strict=True):
            out.copy_(result)

    return kernel


def fake_kernel(name: str) -> Callable[..., Any]:
    """Tensors without data of the shapes and strides of the results: those of PyTorch's sums."""
    row = TABLE[name]
    like_result: Callable[..., Tensor] = {1: torch.neg, 2: torch.add, 3: torch.addcmul}[row.nin]

    def kernel(*inputs: Tensor) -> Any:
        dtypes = {x.dtype for x in inputs}
        if len(dtypes) > 1 or not dtypes <= FLOATS:
            raise RuntimeError(
                f"gelu_fast::{name}: tensors of one dtype, float16, bfloat16, float32 or float64, "
                f"are needed; got {', '.join(str(x.dtype) for x in inputs)}"
            )
        if row.nout == 1:
            return like_result(*inputs)
        return tuple(like_result(*inputs) for _ in range(row.nout))

    return kernel


def batched(name: str) -> Callable[..., Any]:
    """The rule of vmap: the dimension of the batch comes first, then as many as the widest has."""
    operator, nout = OPERATORS[name], TABLE[name].nout

    def rule(info: Any, in_dims: Sequence[int | None], *inputs: Tensor) -> Any:
        pairs = [*zip(inputs, in_dims, strict=True)]
        widest = max(x.dim() - (dim is not None) for x, dim in pairs)
        aligned = []
        for x, dim in pairs:
            if dim is not None:
                x = x.movedim(dim, 0)
                x = x[(slice(None), *[None] * (widest - x.dim() + 1))]
            aligned.append(x)
        return operator(*aligned), 0 if nout == 1 else (0,) * nout

    return rule


def refuse(*inputs: Any, **outs: Any) -> Any:
    raise NotImplementedError(
        "gelu_fast.torch computes tensors on the CPU only. For CUDA tensors, gelu_fast.cuda "
        "computes CuPy arrays, which cupy.from_dlpack(tensor) makes without a copy."
    )


FUNCTIONS = {name: autograd_function(name) for name in TABLE}
for name in TABLE:
    torch.library.register_fake(f"gelu_fast::{name}", fake_kernel(name), lib=library)
    torch.library.register_fake(f"gelu_fast::{name}.out", lambda *_, **__: None, lib=library)
    torch.library.register_vmap(f"gelu_fast::{name}", batched(name), lib=library)
    library.impl(name, autograd_kernel(name), "Autograd", with_keyset=True)
    library.impl(f"{name}.out", out_kernel(name), "Autograd", with_keyset=True)
    library.impl(f"{name}.out", negative_kernel(name), "Negative")
    for overload in ("", ".out"):
        library.impl(f"{name}{overload}", refuse, "CUDA")
