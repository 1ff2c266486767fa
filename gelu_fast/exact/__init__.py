"""Correctly rounded functions: every float32 result is the number nearest to the exact value, so it has the
same bits on every computer.

>>> import numpy as np
>>> from gelu_fast import exact
>>> exact.gelu(np.float32([-1, 0, 2]))
array([-0.15865526,  0.        ,  1.9544997 ], dtype=float32)

The functions are ufuncs for float16, float32 and, if `ml_dtypes` is installed, bfloat16. They cost more
than those of `gelu_fast`, whose float32 results are less than one ULP off. float64 has no correctly
rounded results, so it is refused.

The names of the ufuncs themselves begin with `exact_`, and so do those of the same functions in C, in
frameworks and in the command gelu-fast: `exact.gelu` is `gelu_fast.exact_gelu`.
"""

from .._core._ufuncs import ufuncs as _ufuncs
from .._core.table import EXACT as _EXACT

_FUNCTIONS = {
    name.removeprefix(_EXACT): ufunc for name, ufunc in _ufuncs().items() if name.startswith(_EXACT)
}

globals().update(_FUNCTIONS)
__all__ = [*_FUNCTIONS]  # pyright: ignore[reportUnsupportedDunderAll]
