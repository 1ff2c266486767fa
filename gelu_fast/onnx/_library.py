"""Where the library of operators for ONNX Runtime is."""

import ctypes
from pathlib import Path


def get_library_path() -> str:
    """The path of a library of operators for ONNX Runtime 1.18 or newer.

    A session that has registered it knows every function of the table as an operator of the domain
    `gelu_fast`, version 1. An operator has the name of the ufunc, its inputs and outputs in the
    same order, and no attributes. All inputs have one dtype, which is that of the outputs: float16,
    bfloat16, float32 or float64. They are broadcast, and the results have the bits of the ufunc, so
    the error bounds are those of the ufunc.

    The operators compute in the threads of the session, as `intra_op_num_threads` sets it.
    `gelu_fast.set_num_threads` changes nothing for them.

    Returns
    -------
    str
        The path of a file in the installed package, for
        `SessionOptions.register_custom_ops_library`.

    Raises
    ------
    FileNotFoundError
        If gelu_fast was installed without the library.

    Notes
    -----
    Shapes that do not fit and other dtypes raise an error of ONNX Runtime that names the operator.
    This function imports neither `onnx` nor `onnxruntime`. The library stays loaded.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gelu_fast.onnx import get_library_path
    >>> Path(get_library_path()).exists()
    True
    """
    for name in ("glue.so", "glue.dll"):
        path = Path(__file__).parent / name
        if path.exists():
            # ONNX Runtime unloads it with the last session. It would then make the operators anew
            # for the next one, and those of the last one are never freed.
            ctypes.CDLL(str(path))
            return str(path)
    raise FileNotFoundError(
        f"{path.parent} has no library of operators for ONNX Runtime: install gelu_fast again"
    )
