"""Where the library of operators for ONNX Runtime is."""

import ctypes
from pathlib import Path


def get_library_path() -> str:
    """The path of a library of operators for ONNX Runtime.

    ...
    """
    [path] = Path(__file__).parent.glob("glue.[ds]*")
    ctypes.CDLL(str(path))
    return str(path)
