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
GELU. `exact` has functions whose float32 results are correctly rounded.
"""

from ._tools import _start  # before anything that imports NumPy

# isort: split
from importlib import import_module as _import_module
from sys import modules as _modules

from ._core import gpu as _gpu
from ._core._ufuncs import ufuncs as _ufuncs
from ._core._ufuncs import version as _version
from ._core.dispatch import available_isas, isa
from ._core.threads import get_num_threads, num_threads, set_num_threads
from ._gates import packed as _packed

TYPE_CHECKING = False
if TYPE_CHECKING:  # __getattr__ imports these: programs that pack an application see them here
    from . import cuda, exact, functional, nn, quantized
    from ._core.library import get_include, get_library
    from ._frameworks.activation import activation
    from ._frameworks.identify import which_gelu
    from ._gates.stochastic import gelu_stochastic
    from ._selfcheck.selfcheck import selfcheck

__version__ = _version()
_start.started()

# What most programs do not need is imported when a program asks for it: {name: module}.
_LATER = {
    "activation": "._frameworks.activation",
    "cuda": ".cuda",
    "exact": ".exact",
    "functional": ".functional",
    "gelu_stochastic": "._gates.stochastic",
    "get_include": "._core.library",
    "get_library": "._core.library",
    "nn": ".nn",
    "quantized": ".quantized",
    "selfcheck": "._selfcheck.selfcheck",
    "which_gelu": "._frameworks.identify",
}

# The C table lists the functions.
globals().update(_ufuncs() | _packed.PACKED)
__all__ = [  # pyright: ignore[reportUnsupportedDunderAll]
    "activation",
    "available_isas",
    "cuda",
    "exact",
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
    *_ufuncs(),
    *_packed.PACKED,
]


def __getattr__(name: str) -> object:
    """Imports a name of `_LATER`."""
    if name not in _LATER:
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}", name=name, obj=_modules[__name__]
        )
    module = _import_module(_LATER[name], __name__)
    found = module if _LATER[name] == f".{name}" else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names; editors and interpreters complete them."""
    return [*__all__, *(name for name in list(globals()) if name.startswith("__"))]


_gpu.functions = lambda: __getattr__("cuda")
