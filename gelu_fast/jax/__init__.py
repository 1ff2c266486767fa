"""The functions of the table for JAX on CPUs, with the bits of the ufuncs:

>>> import jax, jax.numpy as jnp
>>> import gelu_fast.jax as gf
>>> x = jnp.array([-1.0, 0.0, 2.0])
>>> gf.gelu(x)
Array([-0.15865526,  0.        ,  1.9544997 ], dtype=float32)
>>> jax.jit(jax.grad(lambda x: gf.gelu(x).sum()))(x)
Array([-0.08331547,  0.5       ,  1.0852318 ], dtype=float32)

They take what jax.numpy takes: arrays and numbers in float32, float64, float16 and bfloat16, which
are promoted and broadcast, and integers. They work in jit, vmap, grad and jvp of any order, scan
and shard_map. Derivatives are the fused backward functions of the table. On other platforms than
CPUs they raise NotImplementedError.
"""

try:
    from ._functions import TABLE
except ModuleNotFoundError as error:
    raise ImportError(
        f"gelu_fast.jax needs jax, which `pip install 'gelu_fast[jax]'` installs: {error}",
        name="jax",
    ) from error

globals().update(TABLE)
__all__ = [*TABLE]  # pyright: ignore[reportUnsupportedDunderAll]


def __dir__() -> list[str]:
    """The public names; editors and interpreters complete them."""
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
