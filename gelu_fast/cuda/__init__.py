"""The functions of `gelu_fast` on CUDA devices, through CuPy.

The functions have the names and the results of the ufuncs. Their operands can be CuPy arrays or any
GPU array with `__cuda_array_interface__` or DLPack, such as PyTorch tensors. For a CuPy array x,
`gelu_fast.gelu(x)` calls `gelu_fast.cuda.gelu(x)`, unless `unregister` says otherwise.

>>> import gelu_fast
>>> if gelu_fast.cuda.available():
...     import cupy
...     y = gelu_fast.cuda.gelu(cupy.linspace(-3, 3, 1000, dtype=cupy.float32))
"""

from .._core import _ufuncs
from ._cupy import available
from ._function import Function
from ._launch import ROWS
from ._register import register, unregister

_FUNCTIONS = {name: Function(f, ROWS[name, "float64"]) for name, f in _ufuncs.ufuncs().items()}

globals().update(_FUNCTIONS)
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "available",
    "register",
    "unregister",
    *_FUNCTIONS,
]
