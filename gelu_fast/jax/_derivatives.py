"""Derivatives of the primitive: by the fused backward functions of the table, by its derivatives,
and where it has none by JAX from the definition.

A function f_backward(dy, x) of the table is linear in dy. With one output it is its own transpose,
so forward and reverse mode call the same function. With two outputs, as swiglu_backward, its
transpose is the primitive `tangent_p`: the derivative of f along tangents of its inputs."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import Any

import jax
from jax import numpy as jnp
from jax.extend.core import Primitive
from jax.interpreters import ad, mlir

from ._definitions import by_definition
from ._primitive import call, call_p, elementwise, sum_to, zero
from ._rows import backward_of, derivative_of, differentiated, forward_of, is_of_sum, row_of

Arrays = Sequence[Any]


def given(tangents: Arrays) -> list[Any]:
    """The tangents or cotangents as arrays, with None for those that JAX knows to be zero."""
    return [None if type(t) is ad.Zero else jnp.asarray(t) for t in tangents]


def some(tangents: Arrays) -> bool:
    return any(t is not None for t in tangents)


def total(parts: Sequence[Arrays]) -> list[Any]:
    return [reduce(operator.add, same) for same in zip(*parts, strict=True)]


def derivative(function: str, primals: Arrays, tangents: Arrays) -> list[Any]:
    """The derivatives of the outputs along the tangents, of which some are not zero."""
    row, backward, next_one = row_of(function), backward_of(function), derivative_of(function)
    if forward_of(function):
        return derivative_of_backward(function, primals, tangents)
    if backward is None and next_one is not None and row.nin == 1:
        return [tangents[0] * call(next_one, *primals)[0]]
    if backward is None:
        return by_definition(function, primals, tangents)
    if is_of_sum(row):
        moving = [t for t in tangents if t is not None]
        return call(backward.function, reduce(operator.add, moving), *primals)
    parts = []
    slots = differentiated(row, backward)
    known = [tangents[i] for i in slots]
    if some(known):
        parts.append(along(function, known, primals))
    others = [None if i in slots else t for i, t in enumerate(tangents)]
    if some(others):
        parts.append(by_definition(function, primals, others))
    return total(parts)


def derivative_of_backward(function: str, primals: Arrays, tangents: Arrays) -> list[Any]:
    (dy, *inputs), (along_dy, *others) = primals, tangents
    parts = []
    if along_dy is not None:
        parts.append(call(function, along_dy, *inputs))
    if some(others):
        first = derivative_of(forward_of(function) or "")
        if first is not None and len(inputs) == 1:
            parts.append([dy * derivative(first, inputs, others)[0]])
        else:
            parts.append(by_definition(function, primals, [None, *others]))
    return total(parts)


def differentiate_call(primals: Arrays, tangents: Arrays, *, function: str) -> Any:
    primals = [jnp.asarray(x) for x in primals]
    return call(function, *primals), derivative(function, primals, given(tangents))


def transpose_call(cotangents: Arrays, dy: Any, *inputs: Any, function: str) -> list[Any]:
    forward = forward_of(function)
    if forward is None or not ad.is_undefined_primal(dy):
        raise NotImplementedError(f"{function} is not linear in this input")
    if len(cotangents) == 1:
        [found] = call(function, *cotangents, *inputs)
    else:
        [found] = along(forward, given(cotangents), inputs)
    return [sum_to(dy.aval.shape, found), *[None] * len(inputs)]


ad.primitive_jvps[call_p] = differentiate_call
ad.primitive_transposes[call_p] = transpose_call

# ---- The derivative along tangents, for functions with several inputs. Its operands are a tangent
#      for each output of the backward function, and then the inputs.

tangent_p = Primitive("gelu_fast_tangent")
tangent_p.multiple_results = True
elementwise(tangent_p, lambda function: 1)


def along(function: str, tangents: Arrays, inputs: Arrays) -> list[Any]:
    backward = backward_of(function)
    assert backward is not None
    if backward.nout == 1:
        return call(backward.function, *tangents, *inputs)
    filled = [zero(inputs[0]) if t is None else t for t in tangents]
    return list(tangent_p.bind(*filled, *inputs, function=function))


def sum_of_products(*operands: Any, function: str) -> list[Any]:
    tangents, inputs = split(function, operands)
    slopes = call(f"{function}_backward", zero(inputs[0]) + 1, *inputs)
    return [reduce(operator.add, map(operator.mul, tangents, slopes))]


def split(function: str, operands: Arrays) -> tuple[Arrays, Arrays]:
    count = len(operands) - row_of(function).nin
    return operands[:count], operands[count:]


def differentiate_tangent(primals: Arrays, tangents: Arrays, *, function: str) -> Any:
    primals, tangents = [jnp.asarray(x) for x in primals], given(tangents)
    inputs, linear = split(function, primals)[1], split(function, tangents)[0]
    parts = []
    if some(linear):
        parts.append(along(function, linear, inputs))
    moving = [i for i, t in enumerate(tangents) if t is not None and i >= len(linear)]
    if moving:

        def at(*points: Any) -> list[Any]:
            operands = list(primals)
            for i, x in zip(moving, points, strict=True):
                operands[i] = x
            return sum_of_products(*operands, function=function)

        points, directions = ([all_of[i] for i in moving] for all_of in (primals, tangents))
        parts.append(jax.jvp(at, points, directions)[1])
    return tangent_p.bind(*primals, function=function), total(parts)


def transpose_tangent(cotangents: Arrays, *operands: Any, function: str) -> list[Any]:
    tangents, inputs = split(function, operands)
    found = call(f"{function}_backward", *cotangents, *inputs)
    return [
        sum_to(t.aval.shape, x) if ad.is_undefined_primal(t) else None
        for t, x in zip(tangents, found, strict=True)
    ] + [None] * len(inputs)


mlir.register_lowering(tangent_p, mlir.lower_fun(sum_of_products, multiple_results=True))
ad.primitive_jvps[tangent_p] = differentiate_tangent
ad.primitive_transposes[tangent_p] = transpose_tangent
