"""CuPy, which is imported at the first call and not before."""

import functools
from typing import Any

import numpy as np

from .._core.arrays import Dtype, Scalar
from .._core.dtypes import BFLOAT16

INSTALL = (
    "gelu_fast.cuda needs CuPy: pip install cupy-cuda13x, or the package for your version of CUDA "
    "(https://docs.cupy.dev/en/stable/install.html)"
)
CUDA_DEVICES = (2, 13)  # kDLCUDA and kDLCUDAManaged of DLPack


@functools.cache
def cupy() -> Any:
    """The module, where there is a device too."""
    try:
        import cupy
    except ImportError as error:
        raise ImportError(f"{INSTALL} ({error})") from error
    try:
        count = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        raise RuntimeError(f"gelu_fast.cuda needs a CUDA device: {error}") from error
    if count == 0:
        raise RuntimeError("gelu_fast.cuda needs a CUDA device: there is none")
    return cupy


def available() -> bool:
    """Whether CuPy and a CUDA device are there.

    Returns
    -------
    bool
        If False, the functions of `gelu_fast.cuda` raise an ImportError, or a RuntimeError, which
        say what is missing.

    Examples
    --------
    >>> import gelu_fast
    >>> gelu_fast.cuda.available() in (True, False)
    True
    """
    try:
        cupy()
    except (ImportError, RuntimeError):
        return False
    return True


def is_number(x: object) -> bool:
    return isinstance(x, int | float | np.generic)


def on_device(x: Any, name: str) -> Any:
    """A CuPy array of the same memory, for whatever lies on a CUDA device."""
    cp = cupy()
    if isinstance(x, cp.ndarray):
        return x
    if hasattr(x, "__dlpack_device__") and x.__dlpack_device__()[0] in CUDA_DEVICES:
        return cp.from_dlpack(x)
    if hasattr(x, "__cuda_array_interface__"):
        return cp.asarray(x)
    raise TypeError(
        f"{name}: a {type(x).__module__}.{type(x).__qualname__} is not on a CUDA device; allowed "
        "are CuPy arrays, whatever has __cuda_array_interface__ or DLPack for CUDA, such as "
        "PyTorch's tensors, and with them, numbers (cupy.asarray copies an array to the device)"
    )


def filled(value: Scalar, dtype: Dtype) -> Any:
    """An array of no dimensions, of one number."""
    if BFLOAT16 is not None and dtype == BFLOAT16:  # which CuPy's own fill does not know
        return cupy().full((), np.asarray(value, dtype).view(np.uint16), np.uint16).view(dtype)
    return cupy().full((), value, dtype)
