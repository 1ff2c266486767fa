"""Fast and exact activation functions: the GELU family as NumPy ufuncs on a SIMD C core.

>>> import gelu_fast
>>> gelu_fast.gelu([-1.0, 0.0, 2.0])
array([-0.15865525,  0.        ,  1.95449974])

Every function is a `numpy.ufunc` for float16, float32, float64 and, where `ml_dtypes` is installed,
bfloat16. `isa()` tells which instruction set runs them; the environment variable GELU_FAST_ISA
forces another of `available_isas()`. `selfcheck()` measures their errors on this computer.
`quantized` has them for 8-bit numbers, `functional` with the names and arguments of PyTorch, and
`activation(name, framework)` by the names of other frameworks; `nn` has the feed-forward blocks of
transformers, and `cuda` the functions on GPUs. `which_gelu` tells which function made stored
activations, and `gelu_stochastic` is the random gate that GELU is the mean of.
"""

from . import cuda, functional, nn, quantized
from ._core import _ufuncs
from ._core.dispatch import available_isas, isa
from ._frameworks.activation import activation
from ._frameworks.identify import which_gelu
from ._gates.packed import PACKED
from ._gates.stochastic import gelu_stochastic
from ._selfcheck.selfcheck import selfcheck

__version__ = "0.1.0"

# The functions are those of the C table.
globals().update(_ufuncs.ufuncs() | PACKED)
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "activation",
    "available_isas",
    "cuda",
    "functional",
    "gelu_stochastic",
    "isa",
    "nn",
    "quantized",
    "selfcheck",
    "which_gelu",
    *_ufuncs.ufuncs(),
    *PACKED,
]


def __dir__() -> list[str]:
    """The public names, for completion."""
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
