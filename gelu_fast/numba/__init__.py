"""The functions of the table in code that numba compiles, with the bits of the ufuncs:

>>> import numba
>>> import numpy as np
>>> import gelu_fast.numba as gf
>>> @numba.njit
... def total(x):
...     return gf.gelu(x).sum()
>>> round(total(np.ones(10)), 6)
8.413447

The functions take numbers and arrays in float32, float64 and the integers that the ufunc converts
to these, with any number of dimensions and any strides, and broadcast them. They call the C library
without Python, also with `parallel=True`, with `cache=True` and in `@vectorize`. Functions with two
outputs return a tuple. Beside arrays, a number of type float64 or int64 counts as a Python number,
which does not change the dtype of the result. Compiled code may call the ufuncs of `gelu_fast` too,
by the same names: it means these functions. Outside of compiled code they call the ufuncs.
"""

try:
    from ._functions import FUNCTIONS, init
except ImportError as error:
    raise ImportError(
        f"gelu_fast.numba needs numba, which `pip install 'gelu_fast[numba]'` installs: {error}",
        name="numba",
    ) from error

init()
globals().update(FUNCTIONS)
__all__ = [*FUNCTIONS]  # pyright: ignore[reportUnsupportedDunderAll]


def __dir__() -> list[str]:
    """The public names; editors and interpreters complete them."""
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
