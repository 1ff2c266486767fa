"""Makes a JAX function of each function of the table."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from .._core.rows import Row
from .._core.table import COMPOUNDS, ROWS
from .._core.table import TABLE as FUNCTIONS
from . import _derivatives  # noqa: F401  (its rules)
from ._glue import register
from ._primitive import call
from ._sharding import vary_alike

DTYPES = dict.fromkeys(row.dtype for row in ROWS + COMPOUNDS)
NUMBERS = (jax.Array, np.ndarray, np.generic, bool, int, float, complex)
DOCSTRING = """\
{formula}, for JAX on CPUs.

Parameters
----------
{inputs} : array or number
    The operands, which are promoted and broadcast as those of jax.numpy are. Integers and booleans
    become what they become in jax.numpy.true_divide. Allowed are float32, float64, float16 and
    bfloat16.

Returns
-------
{returns} : jax.Array
    The bits that `gelu_fast.{name}` returns for the same shape and dtype.

Raises
------
TypeError
    If an operand has another dtype, is a list, or is missing.
ValueError
    If the shapes cannot be broadcast.

See Also
--------
gelu_fast.{name} : error bounds, limits, source and an example
"""


def function_of(row: Row) -> Callable[..., Any]:
    name = row.function

    def function(*operands: Any) -> Any:
        results = call(name, *prepared(row, operands))
        return results[0] if row.nout == 1 else tuple(results)

    kind = inspect.Parameter.POSITIONAL_ONLY
    parameters = [inspect.Parameter(x, kind) for x in row.inputs]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__name__ = function.__qualname__ = name
    function.__module__ = "gelu_fast.jax"
    function.__doc__ = DOCSTRING.format(
        name=name,
        formula=row.formula,
        inputs=", ".join(row.inputs),
        returns=", ".join(row.outputs),
    )
    jitted: Callable[..., Any] = jax.jit(function, inline=True)
    return jitted


def prepared(row: Row, operands: tuple[Any, ...]) -> list[Any]:
    """The operands as arrays of one dtype and one number of dimensions."""
    name = f"gelu_fast.jax.{row.function}"
    if len(operands) != row.nin:
        raise TypeError(f"{name} takes {row.nin} operands, but {len(operands)} were given")
    for x, label in zip(operands, row.inputs, strict=True):
        if not isinstance(x, NUMBERS):
            raise TypeError(f"{name} takes arrays and numbers, but {label} is a {type(x).__name__}")
    arrays = converted(name, [jnp.asarray(x) for x in operands])
    try:
        ndim = len(jnp.broadcast_shapes(*(x.shape for x in arrays)))
    except ValueError:
        shapes = ", ".join(f"{x} {y.shape}" for x, y in zip(row.inputs, arrays, strict=True))
        raise ValueError(f"{name} cannot broadcast operands with the shapes {shapes}") from None
    return [lax.expand_dims(x, range(ndim - x.ndim)) for x in vary_alike(arrays)]


def converted(name: str, arrays: list[Any]) -> list[Any]:
    """The arrays in the dtype that jax.numpy would give a quotient of them."""
    dtype = jnp.result_type(*arrays)
    if not jnp.issubdtype(dtype, jnp.inexact):
        dtype = jax.eval_shape(jnp.true_divide, *(jax.ShapeDtypeStruct((), dtype),) * 2).dtype
    if dtype.name not in DTYPES:
        given = ", ".join(x.dtype.name for x in arrays)
        raise TypeError(f"{name} takes {', '.join(DTYPES)} and integers, but {given} was given")
    return [x if x.dtype == dtype else lax.convert_element_type(x, dtype) for x in arrays]


register()
TABLE = {name: function_of(row) for name, row in FUNCTIONS.items()}
