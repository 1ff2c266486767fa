"""Correctly rounded functions: every float32 result is the number nearest to the exact value, so it has the
same bits on every computer.

>>> import numpy as np
>>> from gelu_fast import exact
>>> exact.gelu(np.float32([-1, 0, 2]))
array([-0.15865526,  0.        ,  1.9544997 ], dtype=float32)

The functions are ufuncs for float16, float32 and, if `ml_dtypes` is installed, bfloat16. They cost about
twice as much as those of `gelu_fast`, whose float32 results are less than one ULP off. float64 has no
correctly rounded results, so it is refused.

In the C library, in other programs and in the command gelu-fast their names begin with `exact_`, as in
`exact_gelu`.
"""

from .._core._ufuncs import ufuncs as _ufuncs

_PREFIX = "exact_"

globals().update(
    {name.removeprefix(_PREFIX): f for name, f in _ufuncs().items() if name.startswith(_PREFIX)}
)
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    *(name.removeprefix(_PREFIX) for name in _ufuncs() if name.startswith(_PREFIX))
]


def __getattr__(name: str) -> object:
    """Finds a function by the name of its ufunc, by which pickle stores it."""
    if name.startswith(_PREFIX) and name in _ufuncs():
        return _ufuncs()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
