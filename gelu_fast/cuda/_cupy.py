"""Access to CuPy, which is imported at the first call."""

import functools
from typing import Any

import numpy as np

from .._core.arrays import Dtype, Scalar
from .._core.dtypes import BFLOAT16

INSTALL = (
    "gelu_fast.cuda needs CuPy: pip install cupy-cuda13x, or the package for your version of CUDA "
    "(https://docs.cupy.dev/en/stable/install.html)"
)
CUDA_DEVICES = (2, 13)  # DLPack's kDLCUDA and kDLCUDAManaged


@functools.cache
def cupy() -> Any:
    """The module `cupy`, after a check that there is a CUDA device."""
    try:
        import cupy

        runtime = cupy.cuda.runtime
        count_devices, failure = runtime.getDeviceCount, runtime.CUDARuntimeError
    except (Exception, SystemExit) as error:  # not installed, broken, or a stand-in
        raise ImportError(f"{INSTALL} ({error})") from error
    if not (isinstance(failure, type) and issubclass(failure, Exception)):
        raise ImportError(f"{INSTALL} (the module cupy is a stand-in)")
    try:
        count = count_devices()
    except failure as error:
        raise RuntimeError(f"gelu_fast.cuda needs a CUDA device: {error}") from error
    if count == 0:
        raise RuntimeError("gelu_fast.cuda needs a CUDA device, but CuPy finds none")
    return cupy


def available() -> bool:
    """Whether CuPy is installed and finds a CUDA device.

    Returns
    -------
    bool
        If it is False, the functions of `gelu_fast.cuda` raise an ImportError for a missing CuPy,
        or a RuntimeError for a missing device.

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
    """A CuPy array of the same memory as x, which must be an array on a CUDA device."""
    cp = cupy()
    if isinstance(x, cp.ndarray):
        return x
    if hasattr(x, "__dlpack_device__") and x.__dlpack_device__()[0] in CUDA_DEVICES:
        return cp.from_dlpack(x)
    if hasattr(x, "__cuda_array_interface__"):
        return cp.asarray(x)
    raise TypeError(
        f"{name} must be a CuPy array, or a GPU array with __cuda_array_interface__ or DLPack "
        f"such as a PyTorch tensor; got a {type(x).__module__}.{type(x).__qualname__}, which is "
        "not on a CUDA device (cupy.asarray copies an array to the device; operands may also be "
        "numbers)"
    )


def filled(value: Scalar, dtype: Dtype) -> Any:
    """A CuPy array without dimensions that contains one number."""
    if BFLOAT16 is not None and dtype == BFLOAT16:  # CuPy's own fill does not know bfloat16
        return cupy().full((), np.asarray(value, dtype).view(np.uint16), np.uint16).view(dtype)
    return cupy().full((), value, dtype)
