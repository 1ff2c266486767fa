"""The JAX primitive that computes a function of the table by one call of glue.c."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
from jax import lax
from jax.extend.core import Primitive
from jax.interpreters import batching, mlir

from ._glue import TARGET
from ._rows import row_of
from ._sharding import is_split, lower_parts

Arrays = Sequence[Any]

# Its operands have one dtype and one number of dimensions, and are broadcast; the parameter
# `function` is a name of the table. It always returns a list of results.
call_p = Primitive("gelu_fast")
call_p.multiple_results = True


def call(function: str, *operands: Any) -> list[Any]:
    return list(call_p.bind(*operands, function=function))


def elementwise(primitive: Any, nout: Callable[..., int]) -> None:
    """Gives a primitive the rules that depend on shapes only. nout(**parameters) is the number of
    its results."""

    def compute(*operands: Any, **parameters: Any) -> Any:
        with jax.disable_jit(False):
            return jax.jit(partial(primitive.bind, **parameters))(*operands)

    def abstract(*operands: Any, **parameters: Any) -> list[Any]:
        shape = jax.numpy.broadcast_shapes(*(x.shape for x in operands))
        alike = next((x for x in operands if x.shape == shape), operands[0])
        weak = all(x.weak_type for x in operands)
        return [alike.update(shape=shape, weak_type=weak)] * nout(**parameters)

    def batch(operands: Arrays, axes: Sequence[int | None], **parameters: Any) -> Any:
        """If all operands are mapped over the same axis, it may stay there."""
        axis = axes[0]
        if axis is None or any(other != axis for other in axes):
            axis = 0
            operands = [
                lax.expand_dims(x, [0]) if old is None else jax.numpy.moveaxis(x, old, 0)
                for x, old in zip(operands, axes, strict=True)
            ]
        results = primitive.bind(*operands, **parameters)
        return results, [axis] * len(results)

    primitive.def_impl(compute)
    primitive.def_abstract_eval(abstract)
    batching.primitive_batchers[primitive] = batch


def sum_to(shape: Sequence[int], x: Any) -> Any:
    """The transpose of broadcasting from `shape`, which has as many dimensions as x."""
    axes = [i for i, length in enumerate(shape) if length != x.shape[i]]
    return jax.numpy.sum(x, axes, keepdims=True) if axes else x


def zero(x: Any) -> Any:
    """A zero that is broadcast against x."""
    return lax.full((1,) * x.ndim, 0, x.dtype)


# ---- Lowering


# The same call on arrays that have one shape and an additional last axis of length 1.
parts_p = Primitive("gelu_fast_parts")
parts_p.multiple_results = True


def lower(context: Any, *operands: Any, function: str) -> Any:
    split = mlir.lower_fun(call_in_parts, multiple_results=True)
    rule = split if is_split(context) else jax.ffi.ffi_lowering(TARGET)
    return rule(context, *operands, function=function)


def call_in_parts(*operands: Any, function: str) -> list[Any]:
    shape = jax.numpy.broadcast_shapes(*(x.shape for x in operands))
    whole = [lax.expand_dims(jax.numpy.broadcast_to(x, shape), [len(shape)]) for x in operands]
    results = parts_p.bind(*whole, function=function)
    return [lax.squeeze(x, [len(shape)]) for x in results]


def lower_elsewhere(context: Any, *operands: Any, function: str) -> Any:
    """A program for several platforms may contain the call, because jax.lax.platform_dependent
    chooses when it runs."""
    platforms = context.module_context.platforms
    if "cpu" in platforms:
        return lower(context, *operands, function=function)
    raise NotImplementedError(
        f"gelu_fast.jax.{function} computes on CPUs, and this program is compiled for "
        f"{' and '.join(platforms)}: put its arrays on jax.devices('cpu')[0], or choose between "
        "functions of gelu_fast.jax and of jax.nn with jax.lax.platform_dependent"
    )


for primitive in (call_p, parts_p):
    elementwise(primitive, lambda function: row_of(function).nout)
mlir.register_lowering(parts_p, lower_parts, platform="cpu")
mlir.register_lowering(call_p, lower, platform="cpu")
mlir.register_lowering(call_p, lower_elsewhere)
