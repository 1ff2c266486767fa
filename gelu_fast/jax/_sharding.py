"""How calls are split among devices."""

from __future__ import annotations

from typing import Any

import jax
from jax import lax


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
        return kind.manual_axis_type.varying
    return getattr(kind, "vma", frozenset())


def vary(x: Any, axes: tuple[Any, ...]) -> Any:
    return lax.pcast(x, axes, to="varying") if hasattr(lax, "pcast") else lax.pvary(x, axes)


def attributes(context: Any) -> dict[str, Any] | None:
    return None
