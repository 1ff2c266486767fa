"""Fast and accurate activation functions: the GELU family as NumPy ufuncs on a SIMD C core.

>>> import gelu_fast
>>> gelu_fast.gelu([-1.0, 0.0, 2.0])
array([-0.15865525,  0.        ,  1.95449974])

Every function is a `numpy.ufunc` for float16, float32, float64 and, if `ml_dtypes` is installed,
bfloat16. `isa()` returns the instruction set in use; the environment variable GELU_FAST_ISA selects
another one of `available_isas()`. `selfcheck()` measures the errors on this computer. With
`set_num_threads(n)`, n threads compute a large array; the default is one.

`functional` has PyTorch's names and arguments, and `activation(name, framework)` finds a function
by the name that a framework uses. `nn` has the feed-forward blocks of transformers, `quantized`
applies functions to 8-bit numbers, and `cuda` runs the functions on GPUs. `which_gelu` finds the
function that computed stored activations, and `gelu_stochastic` is the random gate whose mean is
GELU.
"""

from . import _start  # before anything that imports NumPy

# isort: split
from . import _frameworks as _frameworks
from . import _gates as _gates
from . import _selfcheck as _selfcheck
from . import cuda, functional, nn, quantized
from ._core import _ufuncs
from ._core.dispatch import available_isas, isa
from ._core.library import get_include, get_library
from ._core.threads import get_num_threads, num_threads, set_num_threads
from ._frameworks.activation import activation
from ._frameworks.identify import which_gelu
from ._gates.packed import PACKED
from ._gates.stochastic import gelu_stochastic
from ._selfcheck.selfcheck import selfcheck

__version__ = "0.1.0"
_start.started()

# The C table lists the functions.
globals().update(_ufuncs.ufuncs() | PACKED)
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "activation",
    "available_isas",
    "cuda",
    "functional",
    "gelu_stochastic",
    "get_include",
    "get_library",
    "get_num_threads",
    "isa",
    "nn",
    "num_threads",
    "quantized",
    "selfcheck",
    "set_num_threads",
    "which_gelu",
    *_ufuncs.ufuncs(),
    *PACKED,
]


def __dir__() -> list[str]:
    """The public names; editors and interpreters complete them."""
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
