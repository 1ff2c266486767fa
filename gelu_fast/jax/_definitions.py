"""Derivatives of functions for which the table has none: JAX differentiates their definitions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import jax
from jax import numpy as jnp

from .._core.table import TABLE as FUNCTIONS
from ._primitive import call
from ._rows import row_of
from ._words import words

Arrays = Sequence[Any]


@cache
def compiled(definition: str) -> Any:
    return compile(definition, "functions.def", "eval")


@cache
def known_words() -> dict[str, Any]:
    def plain(name: str) -> Any:
        return lambda *inputs: call(name, *inputs)[0]

    return words({name: plain(name) for name in FUNCTIONS})


def by_definition(function: str, primals: Arrays, tangents: Arrays) -> list[Any]:
    """JAX differentiates the definition, in float32 if the inputs are float16 or bfloat16."""
    row, dtype = row_of(function), primals[0].dtype
    shape = jnp.broadcast_shapes(*(x.shape for x in primals))
    wide = jnp.promote_types(dtype, jnp.float32)
    moving = {
        name: (x.astype(wide), t.astype(wide))
        for name, x, t in zip(row.inputs, primals, tangents, strict=True)
        if t is not None
    }
    fixed = {name: x.astype(wide) for name, x in zip(row.inputs, primals, strict=True)}

    def defined(inputs: dict[str, Any]) -> Any:
        return eval(compiled(row.definition), known_words(), {**fixed, **inputs})

    points, directions = ({name: pair[i] for name, pair in moving.items()} for i in (0, 1))
    _, found = jax.jvp(defined, (points,), (directions,))
    found = found if isinstance(found, tuple) else (found,)
    return [jnp.broadcast_to(x, shape).astype(dtype) for x in found]
