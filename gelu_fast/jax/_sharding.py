"""Calls on arrays that are split among devices."""

from __future__ import annotations

from typing import Any

import jax
from jax import lax
from jax.interpreters import mlir

from ._glue import TARGET

LETTERS = "ijklmnopqrstuvwxyz"  # names of axes in Shardy's rules


# ---- shard_map


def vary_alike(arrays: list[Any]) -> list[Any]:
    """In shard_map, marks arrays as different on devices if other operands are. Then JAX adds up
    their gradients."""
    axes = [varying_axes(x) for x in arrays]
    every = frozenset().union(*axes)
    return [
        x if own == every else vary(x, tuple(every - own))
        for x, own in zip(arrays, axes, strict=True)
    ]


def varying_axes(x: Any) -> frozenset[Any]:
    kind = jax.typeof(x)
    if hasattr(kind, "manual_axis_type"):  # JAX 0.10
        return frozenset(kind.manual_axis_type.varying)
    return frozenset(getattr(kind, "vma", ()))


def vary(x: Any, axes: tuple[Any, ...]) -> Any:
    return lax.pcast(x, axes, to="varying") if hasattr(lax, "pcast") else lax.pvary(x, axes)


# ---- jit: XLA computes a custom call on whole arrays on every device, unless it is told otherwise


def is_split(context: Any) -> bool:
    """Whether a program is compiled for several devices, with shapes that are known."""
    shapes = [x.shape for x in context.avals_in]
    return (
        getattr(context.module_context.axis_context, "num_devices", 1) > 1
        and all(isinstance(n, int) for shape in shapes for n in shape)
        and 0 < len(shapes[0]) < len(LETTERS)
    )


def lower_parts(context: Any, *operands: Any, function: str) -> Any:
    """Lowers a call on arrays of one shape, whose last axis has the length 1: XLA may split all
    axes but the last."""
    shape = context.avals_out[0].shape
    batch = f'{{num_batch_dims = "{len(shape) - 1}"}}'
    attributes = {"mhlo.frontend_attributes": mlir.ir.Attribute.parse(batch)}
    if getattr(jax.config, "jax_use_shardy_partitioner", True):
        names = LETTERS[: len(shape)]
        axes = f"[{', '.join(names)}]"
        inputs, outputs = (
            ", ".join([axes] * len(avals)) for avals in (context.avals_in, context.avals_out)
        )
        sizes = ", ".join(f"{name}={n}" for name, n in zip(names, shape, strict=True))
        rule = f"#sdy.op_sharding_rule<({inputs})->({outputs}) {{{sizes}}}, custom>"
        attributes["sdy.sharding_rule"] = mlir.ir.Attribute.parse(rule)
    lowering = jax.ffi.ffi_lowering(TARGET, extra_attributes=attributes)
    return lowering(context, *operands, function=function)
