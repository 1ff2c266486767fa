"""The functions of the table in code that numba compiles, with the bits of the ufuncs:

>>> import numba  # doctest: +SKIP
>>> import gelu_fast.numba as gf  # doctest: +SKIP
>>> @numba.njit  # doctest: +SKIP
... def total(x):
...     return gf.gelu(x).sum()

The functions take numbers and arrays of any number of dimensions and any strides, in float32,
float64 and the integers that the ufunc converts to these, and broadcast them. They work with
`parallel=True`, `cache=True` and in `@vectorize`, and call the C library directly. Functions with
two outputs return a tuple. Beside arrays, a number of type float64 or int64 is taken for a Python
number, which does not change the dtype of the result. Outside of compiled code they call the ufunc.
"""

try:
    import numba as _
except ImportError as error:
    raise ImportError(
        f"gelu_fast.numba needs numba, which cannot be imported ({error}): "
        "pip install 'gelu_fast[numba]' installs it",
        name="numba",
    ) from error

from ._functions import FUNCTIONS, init

init()
globals().update(FUNCTIONS)
__all__ = [*FUNCTIONS]  # pyright: ignore[reportUnsupportedDunderAll]


def __dir__() -> list[str]:
    """The public names; editors and interpreters complete them."""
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
